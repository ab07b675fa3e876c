import contextlib
import importlib.util
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

from runner import cli, execute, notebook, report
from runner.problem import Problem
from tests.books import code, good


@unittest.skipUnless(importlib.util.find_spec("nbclient"), "needs nbclient, which run.py installs into notebooks/.venv")
class Kernels(unittest.TestCase):
    """Programs that are no kernels, started as kernels."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "01-a.ipynb"
        notebook.write_aside(self.path, notebook.dumps(good()))
        patch = mock.patch.dict(os.environ, {"JUPYTER_PATH": folder.name})
        patch.start()
        self.addCleanup(patch.stop)

    def kernel(self, *argv):
        spec = self.folder / "kernels" / "pretended" / "kernel.json"
        spec.parent.mkdir(parents=True, exist_ok=True)
        spec.write_text(json.dumps({"argv": [*argv, "{connection_file}"], "display_name": "x", "language": "java"}), encoding="utf-8")
        return "pretended"

    def failure(self, *argv):
        return self.executions(self.kernel(*argv))[0].failure

    def executions(self, kernel, count=1, jobs=1, tick=lambda *_: None):
        ended = []
        execute.execute([self.path] * count, kernel, 30, jobs, tick, lambda _, execution: ended.append(execution))
        return ended

    def test_a_kernel_that_ends_at_once_is_not_waited_for(self):
        said = self.failure(sys.executable, "-c", "import sys; sys.exit('no licence')").report("01-a")
        for part in ("no cell was run", "the kernel did not start: Kernel died", "no licence"):
            self.assertIn(part, said)

    def test_a_kernel_whose_program_is_not_there(self):
        self.assertIn("nowhere", self.failure("/nowhere/java").report("01-a"))

    def test_a_notebook_that_jupyter_does_not_read(self):
        self.path.write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]}', encoding="utf-8")
        self.assertIsInstance(self.executions(self.kernel(sys.executable, "-c", ""))[0], Problem)

    def test_at_most_jobs_kernels_run_at_once(self):
        log = self.folder / "log"
        kernel = self.kernel(sys.executable, "-c", f"import time; log = open({str(log)!r}, 'a'); print('+', file=log, flush=True); "
                             "time.sleep(0.5); print('-', file=log, flush=True)")
        for jobs, most in ((1, 1), (2, 2)):
            log.unlink(missing_ok=True)
            self.assertEqual(len(self.executions(kernel, 4, jobs)), 4)
            running = [0]
            for sign in log.read_text(encoding="utf-8").split():
                running.append(running[-1] + (1 if sign == "+" else -1))
            self.assertEqual(max(running), most)

    @unittest.skipIf(os.name == "nt", "signals")
    def test_every_polite_end_ends_the_kernel(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            pid = self.folder / "pid"
            pid.unlink(missing_ok=True)
            kernel = self.kernel(sys.executable, "-c", f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(600)")
            run = subprocess.Popen([sys.executable, "-B", "-c", "import sys; from pathlib import Path; from runner import execute\n"
                                    f"try: execute.execute([Path({str(self.path)!r})] * 3, {kernel!r}, 600, 1, lambda *_: None, lambda *_: None)\n"
                                    "except execute.Interrupted: sys.exit(130)"], cwd=notebook.NOTEBOOKS)
            while not (pid.exists() and pid.read_text(encoding="utf-8")):
                self.assertIsNone(run.poll())
                time.sleep(0.05)
            run.send_signal(number)
            self.assertEqual(run.wait(), 130, number)
            with self.assertRaises(ProcessLookupError):
                os.kill(int(pid.read_text(encoding="utf-8")), 0)


class Runs(unittest.TestCase):
    def test_whatever_one_notebook_does_the_next_is_run(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as shown, \
                mock.patch.object(report, "REPORTS", Path(folder)), mock.patch.object(report, "write"), \
                mock.patch.object(cli, "REPORTS", cli.ROOT / "reports"):
            paths = [Path(folder, name) for name in ("01-a.ipynb", "02-b.ipynb", "03-c.ipynb", "04-d.ipynb")]
            ends = [Problem("01-a.ipynb cannot be read"), ValueError("odd"), OSError("full"), execute.Execution(book_of_one(), 1.0, None)]
            with mock.patch.object(execute, "_execute", side_effect=ends):
                status = cli.run_notebooks(paths, paths, "java", mock.Mock(version="17"), cli.parse([]))
        self.assertEqual(status, 1)
        for part in ("FAILED  01-a.ipynb cannot be read", "02-b: ValueError: odd", "03-c: OSError: full", "04-d  passed", "1 of 4 passed"):
            self.assertIn(part, shown.getvalue())

    def test_several_at_once_share_the_line_and_each_ends_in_one_of_its_own(self):
        line = mock.Mock(live=True)
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as shown, \
                mock.patch.object(report, "REPORTS", Path(folder)), mock.patch.object(report, "write"), \
                mock.patch.object(cli, "Line", return_value=line), mock.patch.object(execute, "execute") as started:
            paths = [Path(folder, name) for name in ("01-a.ipynb", "02-b.ipynb")]

            def two(_, __, ___, jobs, tick, done):
                self.assertEqual(jobs, 2)
                tick(paths[0], 0, 9, 0.5)
                tick(paths[1], 3, 8, 2.0)
                done(paths[1], execute.Execution(book_of_one(), 2.0, None))
                tick(paths[0], 1, 9, 2.5)
                done(paths[0], execute.Execution(book_of_one(), 3.0, None))
            started.side_effect = two
            self.assertEqual(cli.run_notebooks(paths, paths, "java", mock.Mock(version="17"), cli.parse(["--jobs", "5"])), 0)
        self.assertIn("kernel java, 2 at once", shown.getvalue())
        self.assertEqual([call.args[0] for call in line.show.call_args_list],
                         ["  01-a  starting the kernel, 0.5 s", "  01-a  starting the kernel, 0.5 s  |  02-b  cell 3 of 8, 2.0 s",
                          "  01-a  cell 1 of 9, 2.5 s"])
        self.assertEqual([call.args[0].split()[:2] for call in line.end.call_args_list], [["02-b", "passed"], ["01-a", "passed"]])

    def test_a_damaged_notebook_is_a_finding_and_a_line_of_the_list(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as shown:
            path = Path(folder, "01-a.ipynb")
            path.write_text('{"nbformat": 4, "cells": [{}]}', encoding="utf-8")
            self.assertEqual(cli.check_notebooks([path]), 1)
            self.assertEqual(cli.list_notebooks([path]), 0)
        self.assertEqual(shown.getvalue().count("cell 1 has no cell_type"), 2)


def book_of_one():
    nb = good()
    nb["cells"].append(code("1"))
    return nb
