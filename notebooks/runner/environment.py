"""The Python environment that executes notebooks: the present one where it can, else notebooks/.venv."""
import hashlib
import importlib.util
import os
import shlex
import subprocess
import sys

from . import progress
from .kit import network_hint, tail
from .paths import REQUIREMENTS, ROOT, VENV
from .problem import Problem

DOWNLOAD_MB, DISK_MB = 50, 250
NEEDED = ("nbclient", "nbconvert", "nbformat", "jupyter_client")
REEXECUTED = "UNROLL_RUN_REEXECUTED"
JVM_OPTIONS = ("--enable-native-access=ALL-UNNAMED -XX:+IgnoreUnrecognizedVMOptions "
               "--sun-misc-unsafe-memory-access=allow -Djava.awt.headless=true")


def missing_here(lab):
    """What this Python lacks to execute notebooks: modules, or a Java kernel."""
    modules = NEEDED + (("jupyterlab",) if lab else ())
    lacking = [m for m in modules if importlib.util.find_spec(m) is None]
    if not lacking and not java_kernels():
        lacking.append("a Java kernel")
    return lacking


def java_kernels():
    """Names of the installed kernels whose language is Java, the one called java first."""
    return sorted((name for name, spec in kernels().items() if spec.get("language", "").lower() == "java"),
                  key=lambda name: (name != "java", name))


def kernels():
    # The environment's own kernel goes before one in the home folder.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    from jupyter_client.kernelspec import KernelSpecManager
    return {name: found["spec"] for name, found in KernelSpecManager().get_all_specs().items()}


def choose_kernel(wanted):
    """The kernel to use: the wanted one, which must exist, else an installed Java kernel."""
    installed = kernels()
    if wanted is None:
        return java_kernels()[0]
    if wanted not in installed:
        listing = "\n".join(f"    {name}  ({spec.get('display_name')})" for name, spec in sorted(installed.items()))
        raise Problem(f"No kernel is called '{wanted}'. Installed are:\n{listing}", status=2)
    return wanted


def kernel_environ(environ, full, threads=None):
    """The environment variables of a kernel, made from those of this process; `threads` is its share of the processors, None for all."""
    env = dict(environ)
    if env.get("JAVA_HOME"):
        # JJava's launcher starts the first `java` of the PATH, whatever JAVA_HOME says.
        env["PATH"] = os.pathsep.join([os.path.join(env["JAVA_HOME"], "bin"), env.get("PATH", "")])
    share = f"-Dunroll.threads={threads} " if threads else ""
    env["JJAVA_JVM_OPTS"] = f"{JVM_OPTIONS} {share}{env.get('JJAVA_JVM_OPTS', '')}".strip()
    env.setdefault("GOMP_SPINCOUNT", "1000")
    if full:
        env["UNROLL_SCALE"] = "full"
    return env


def venv_python():
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def venv_stamp():
    return VENV / "requirements.sha256"


def wanted_stamp():
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest() + "\n"


def venv_is_current():
    """Whether notebooks/.venv was completely installed from the present requirements."""
    try:
        return venv_python().exists() and venv_stamp().read_text(encoding="utf-8") == wanted_stamp()
    except OSError:
        return False


def find_venv_maker():
    """None where this Python can make a virtual environment, else a text that says what it lacks."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return None
    return (f"  python: {sys.executable} cannot make a virtual environment (no module venv or ensurepip).\n"
            f"      Debian/Ubuntu:  sudo apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv   (or python3-venv)\n"
            "      macOS:          brew install python\n"
            "      conda:          conda env create -f environment.yml && conda activate unroll")


def make_venv():
    """Makes or repairs notebooks/.venv."""
    usable = venv_python().exists() and subprocess.run(
        [venv_python(), "-m", "pip", "--version"], stdin=subprocess.DEVNULL, capture_output=True).returncode == 0
    if not usable:
        command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
        run(f"making the environment {VENV.relative_to(ROOT)}", command)
    venv_stamp().unlink(missing_ok=True)
    run("installing Python packages", [str(venv_python()), "-m", "pip", "install", "-q", "--disable-pip-version-check",
                                       "--no-input", "-r", str(REQUIREMENTS)])
    venv_stamp().write_text(wanted_stamp(), encoding="utf-8")


def run(what, command):
    status, said = progress.wait_for(what, command)
    if status != 0:
        raise Problem(f"{what} failed (exit {status}). The last words were:\n\n{tail(said)}\n{network_hint(said)}\n"
                      f"The command was: {shlex.join(command)}")


def continue_in_venv():
    """Starts this program again with the Python of notebooks/.venv, and ends with its status."""
    if os.environ.get(REEXECUTED):
        raise Problem(f"{VENV} is damaged: it lacks {', '.join(missing_here(False)) or 'packages'}. Delete that folder and start "
                      "run.py again.")
    sys.stdout.flush()
    command = [str(venv_python()), *sys.argv]
    environ = {**os.environ, REEXECUTED: "1", "JUPYTER_PREFER_ENV_PATH": "1"}
    environ.pop("PYTHONHOME", None)
    if os.name == "nt":
        sys.exit(subprocess.call(command, env=environ))
    os.execve(command[0], command, environ)
