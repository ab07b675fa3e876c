"""DL4J's side of the comparison: a small Maven build of its own, made on demand."""
import os
import pathlib
import subprocess

import our_java

FOLDER = pathlib.Path(__file__).resolve().parent / "dl4j"
BUILT = FOLDER / "target" / "built"
LAYERS = ("layer-lstm", "layer-rnn")     # what DL4J has of the workloads; there is no GRU


class NoDl4j(Exception):
    """DL4J's side could not be built; the message says why."""


def class_path():
    """Builds what has changed since the last time; the first time downloads about 150 MB."""
    if not is_current():
        try:
            maven = our_java.mvn()
        except our_java.Problem as problem:
            raise NoDl4j(str(problem)) from problem
        print(f"Building DL4J's side in {FOLDER}: downloads about 150 MB the first time.", flush=True)
        done = subprocess.run([str(maven), "-q", "-B", "compile"], cwd=FOLDER, capture_output=True, text=True)
        if done.returncode:
            raise NoDl4j(f"its build in {FOLDER} ended with status {done.returncode} and says: {first_error(done.stdout + done.stderr)}")
        BUILT.touch()
    return os.pathsep.join(map(str, (FOLDER / "target" / "jars" / "*", FOLDER / "target" / "classes")))


def first_error(printed):
    """Maven's; a colour code may stand before it."""
    errors = (line.partition("[ERROR] ")[2].strip() for line in printed.splitlines())
    return next(filter(None, errors), "nothing")


def is_current():
    sources = [FOLDER / "pom.xml", *(FOLDER / "src").rglob("*.java")]
    return BUILT.exists() and all(source.stat().st_mtime <= BUILT.stat().st_mtime for source in sources)
