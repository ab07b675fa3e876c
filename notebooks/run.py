#!/usr/bin/env python3
"""Runs the notebooks: sets everything up the first time, executes them, writes reports/index.html.

    python3 notebooks/run.py            all notebooks
    python3 notebooks/run.py 01         the one-minute taste
    python3 notebooks/run.py --help     everything else
"""
import sys

# This file stays readable for very old Pythons, so that they get this sentence and not a SyntaxError.
if sys.version_info < (3, 9):
    sys.exit("Unroll's runner needs Python 3.9 or newer, but %s is %d.%d. Install a current one\n"
             "(Debian/Ubuntu: sudo apt install python3, macOS: brew install python, conda: conda install python=3.12)\n"
             "and start it by name: python3 notebooks/run.py" % (sys.executable, sys.version_info[0], sys.version_info[1]))

sys.dont_write_bytecode = True
from runner.cli import main  # noqa: E402 (after the version check on purpose)

if __name__ == "__main__":
    sys.exit(main())
