"""A Python that can import PyTorch: the one named by UNROLL_TORCH_PYTHON, else a virtual environment made on demand."""
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import venv

import cuda_stubs

FOLDER = pathlib.Path(__file__).resolve().parent / ".venv"
TORCH = "2.15.0"
# Everything that torch imports on a CPU; its CUDA packages (3 GB) are left out.
BESIDE = ["numpy", "filelock", "typing_extensions", "sympy", "mpmath", "networkx", "jinja2", "markupsafe", "fsspec"]
CPU_BUILD = f"torch=={TORCH}+cpu"
ANY_BUILD = f"torch=={TORCH}"


class NoTorch(Exception):
    """There is no Python with PyTorch and none could be made; the message says what to do."""


def find():
    """Returns the path of a Python that can import torch; makes one if it has to, which downloads up to 600 MB once."""
    named = os.environ.get("UNROLL_TORCH_PYTHON")
    if named:
        if problem := import_problem(named):
            raise NoTorch(f"UNROLL_TORCH_PYTHON is {named}, which cannot import torch: {problem}")
        return named
    python = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists() or import_problem(python):
        make(python)
    return str(python)


def make(python):
    """Makes the environment anew; one that was left half-made is cleared."""
    print(f"Making {FOLDER} with PyTorch {TORCH} for the comparison: downloads up to 600 MB, once.\n"
          "A Python that has torch saves this: set UNROLL_TORCH_PYTHON to its path.", flush=True)
    try:
        venv.create(FOLDER, clear=True, with_pip=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--no-deps", *BESIDE], check=True)
        # The CPU build where pip's configuration offers it (an index or a folder of wheels), else the registry's own build,
        # which is made for the CPU on macOS and Windows and for CUDA on Linux.
        if subprocess.run([*pip, "--no-deps", CPU_BUILD], capture_output=True).returncode:
            subprocess.run([*pip, "--no-deps", ANY_BUILD], check=True)
        if import_problem(python) and platform.system() == "Linux":
            cuda_stubs.build(torch_libraries(python))
    except (OSError, subprocess.CalledProcessError, cuda_stubs.StubError) as problem:
        shutil.rmtree(FOLDER, ignore_errors=True)
        raise NoTorch(f"{FOLDER} could not be made: {problem}") from problem
    if problem := import_problem(python):
        raise NoTorch(f"PyTorch was installed in {FOLDER} but cannot be imported: {problem}. "
                      "Set UNROLL_TORCH_PYTHON to a Python that has it.")


def torch_libraries(python):
    found = subprocess.run([python, "-c", "import sysconfig; print(sysconfig.get_path('platlib'))"],
                           capture_output=True, text=True, check=True)
    return pathlib.Path(found.stdout.strip(), "torch", "lib")


def import_problem(python):
    """The last line of the error that importing torch gives, or None."""
    try:
        done = subprocess.run([str(python), "-c", "import torch"], capture_output=True, text=True)
    except OSError as problem:
        return str(problem)
    return None if done.returncode == 0 else (done.stderr.strip().splitlines() or ["it says nothing"])[-1]


if __name__ == "__main__":
    try:
        print(find())
    except NoTorch as problem:
        sys.exit(str(problem))
