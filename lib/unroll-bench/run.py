#!/usr/bin/env python3
"""Times Unroll against PyTorch on the CPU in alternating runs and writes RESULTS.md.

Usage: python3 lib/unroll-bench/run.py [PREFIX...] [--rounds 5] [--seconds 3] [--threads 2]

A round runs each side once, each in its own process, beginning with another side every time. A side's figure is the
median over the rounds of the medians; PyTorch runs with its usual memory allocator and with a tuned one, and the better
of the two counts. PREFIX chooses workloads (`char-lm`, `layer-gru`); the rows of the others stay in RESULTS.md.

Our side is  java -cp 'lib/kit/*:lib/unroll-bench/target/classes' unroll.bench.Peer WORKLOAD SECONDS  with the threads in
the system property unroll.threads. It warms up, measures for SECONDS and prints one JSON line on standard output, as
torch_peer.py does: {"workload": …, "median_ms": …, "best_ms": …, "rounds": …, "threads": …}. Exit status 3 says that it
does not know the workload; the table then shows a dash.
"""
import argparse
import dataclasses
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import time

import results
import torch_python

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TORCH_PEER = HERE / "torch_peer.py"
UNKNOWN_WORKLOAD = 3
# Keeps freed memory in the process instead of giving it back to the system after every step (glibc only).
TUNED_ALLOCATOR = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(16 << 30)}


class PeerFailure(Exception):
    """A side ended without a measurement."""


@dataclasses.dataclass(frozen=True)
class Side:
    name: str
    command: list                                   # the workload's name and the seconds are filled in
    environment: dict = dataclasses.field(default_factory=dict)

    def measure(self, workload, seconds, threads):
        """One process; returns its measurement, or None if this side does not have the workload."""
        values = {"workload": workload, "seconds": seconds, "threads": threads}
        command = [str(word).format(**values) for word in self.command]
        try:
            done = subprocess.run(command, cwd=ROOT, env={**os.environ, **self.environment}, capture_output=True, text=True,
                                  timeout=120 + 20 * seconds)
        except subprocess.TimeoutExpired as problem:
            raise PeerFailure(f"{self.name}, {workload}: no result after {problem.timeout:.0f} s") from problem
        if done.returncode == UNKNOWN_WORKLOAD:
            return None
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()[-1]
            raise PeerFailure(f"{self.name}, {workload}: ended with status {done.returncode} and says: {said}")
        return self.checked(done.stdout, values)

    def checked(self, printed, asked):
        try:
            measured = json.loads(printed)
            same = all(measured[name] == asked[name] for name in ("workload", "threads"))
            numbers = measured["median_ms"] >= measured["best_ms"] > 0
        except (ValueError, KeyError, TypeError) as problem:
            raise PeerFailure(f"{self.name}, {asked['workload']}: expected one JSON line but got {printed[:200]!r}") from problem
        if not (same and numbers):
            raise PeerFailure(f"{self.name}: asked for {asked} but got {measured}")
        return measured


def sides(python):
    torch = [python, TORCH_PEER, "{workload}", "--exact", "--seconds", "{seconds}", "--threads", "{threads}"]
    found = [Side(results.TORCH, torch)]
    if platform.system() == "Linux":
        found.append(Side(results.TORCH_TUNED, torch, TUNED_ALLOCATOR))
    classes = HERE / "target" / "classes"
    if not (classes / "unroll" / "bench" / "Peer.class").exists():
        print("Our side is not built: run `mvn -q -B package` first. Timing PyTorch alone.", flush=True)
    elif not java():
        print("No java found in JAVA_HOME or on the PATH. Timing PyTorch alone.", flush=True)
    else:
        path = os.pathsep.join(str(part.relative_to(ROOT)) for part in (ROOT / "lib" / "kit" / "*", classes))
        found.insert(0, Side(results.OURS, [java(), "-Dunroll.threads={threads}", "-cp", path, "unroll.bench.Peer", "{workload}", "{seconds}"]))
    return found


def java():
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=os.path.join(home, "bin")) if home else shutil.which("java")


def compare(workload, sides, asked):
    """All rounds of one workload. Returns the table's row and what went wrong."""
    measured = {side.name: [] for side in sides}
    failures = []
    left = list(sides)
    clock = OtherWork()
    for turn in range(asked.rounds):
        first = turn % max(1, len(left))
        for side in left[first:] + left[:first]:
            try:
                figures = side.measure(workload, asked.seconds, asked.threads)
            except PeerFailure as problem:
                failures.append(str(problem))
                figures = None
            if figures:
                measured[side.name].append(figures)
            else:
                left.remove(side)
    row = {"workload": workload, "rounds": asked.rounds, "threads": asked.threads, "date": time.strftime("%Y-%m-%d"),
           "other_work": clock.cores(), "sides": {}}
    for name, rounds in measured.items():
        if len(rounds) == asked.rounds:
            row["sides"][name] = {"median_ms": statistics.median(one["median_ms"] for one in rounds),
                                  "best_ms": min(one["best_ms"] for one in rounds)}
    return row, failures


class OtherWork:
    """How many cores were kept busy by anything but the processes started from here; Linux only."""

    def __init__(self):
        self.start = self.now()

    def cores(self):
        if self.start is None:
            return None
        wall, busy, own = (after - before for after, before in zip(self.now(), self.start))
        return round(max(0.0, (busy - own) / wall), 2)

    @staticmethod
    def now():
        try:
            fields = [int(word) for word in pathlib.Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
        except OSError:
            return None
        idle = sum(fields[3:5])                      # waiting for a disk is idle too; time stolen by the host counts as busy
        return time.monotonic(), (sum(fields) - idle) / os.sysconf("SC_CLK_TCK"), sum(os.times()[:4])


def main():
    parser = argparse.ArgumentParser(description="Times Unroll against PyTorch and writes lib/unroll-bench/RESULTS.md.")
    parser.add_argument("prefixes", nargs="*", metavar="PREFIX", help="workloads whose names start so; without any: all")
    parser.add_argument("--rounds", type=int, default=5, help="processes per side and workload (default 5)")
    parser.add_argument("--seconds", type=float, default=3, help="measuring time per process (default 3)")
    parser.add_argument("--threads", type=int, default=2, help="threads of each side (default 2)")
    asked = parser.parse_args()
    if asked.rounds < 1 or asked.threads < 1 or not 0 < asked.seconds <= 600:
        parser.error("--rounds and --threads must be at least 1, --seconds between 0 and 600")
    try:
        python = torch_python.find()
    except torch_python.NoTorch as problem:
        sys.exit(str(problem))
    listed = subprocess.run([python, TORCH_PEER, "--list", *asked.prefixes], capture_output=True, text=True)
    if listed.returncode:
        sys.exit(listed.stderr.strip())

    environment = results.environment(python, java())
    failures = []
    rivals = sides(python)
    for workload in listed.stdout.split():
        row, problems = compare(workload, rivals, asked)
        failures += problems
        results.keep(HERE, environment, row)
        print(results.line(row), *problems, sep="\n  ", flush=True)
    print(f"Written: {HERE / results.TABLE}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped; the workloads measured so far are in RESULTS.md.")
