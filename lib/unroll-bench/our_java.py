"""Our side: built where it is missing or older than its sources, and how its classes are started."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.append(str(ROOT / "notebooks"))            # behind this folder: both have a run.py
from runner import kit, maven, tools                # noqa: E402 (needs the path)
from runner.problem import Problem                  # noqa: E402,F401 (what `build` raises)

MODULE = HERE.name


def build():
    """Builds what is missing or old, with Maven as notebooks/run.py finds or fetches it; a Problem says why that fails."""
    tools.require(tools.find_java(os.environ))
    if is_current():
        return
    with kit.only_one():
        if not is_current():
            started = time.time()
            kit.build(mvn(), os.environ, MODULE)
            stamp(started)


def mvn():
    """The Maven of this computer, or the one that is fetched."""
    found = tools.find_maven(os.environ, tools.find_java(os.environ))
    return (maven.fetched() or maven.fetch(found)) if isinstance(found, str) else found


def is_current(root=ROOT):
    """Whether the kit and the benchmark were made after the last change of a source."""
    target = root / "lib" / MODULE / "target"
    made = [f.stat().st_mtime for f in (*target.glob(f"{MODULE}-*.jar"), target / kit.STAMP) if f.exists()]
    built = (target / "classes").is_dir() and (target / "jmh").is_dir()
    return built and bool(made) and max(made) >= kit.newest_source(root, (MODULE,)) and kit.is_current(root)


def stamp(started):
    """Maven leaves a jar whose content is unchanged as old as it was."""
    path = HERE / "target" / kit.STAMP
    path.touch()
    os.utime(path, (started, started))


def command(*options):
    """The start of a command for our own classes."""
    parts = (ROOT / "lib" / "kit" / "*", HERE / "target" / "classes", HERE / "target" / "jmh" / "*")
    return [java(), *options, "-cp", os.pathsep.join(str(part.relative_to(ROOT)) for part in parts)]


def answer(*words, options=()):
    """The line of JSON that one of our classes prints."""
    done = subprocess.run([str(word) for word in (*command(*options), *words)], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Problem(f"{words[0]} ended with status {done.returncode} and says:\n{done.stderr.strip() or done.stdout.strip()}")
    return json.loads(done.stdout)


def java():
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=os.path.join(home, "bin")) if home else shutil.which("java")
