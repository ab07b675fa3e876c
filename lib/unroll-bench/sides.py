"""The sides of the comparison: what each runs, and how its answer is read."""
import dataclasses
import json
import os
import platform
import statistics
import subprocess
import threading
import time

import dl4j_java
import our_java
import results
import spread
from our_java import HERE, ROOT

TORCH_PEER = HERE / "torch_peer.py"
UNKNOWN_WORKLOAD = 3
LONGEST = 120                            # seconds that a process may take beside its measurement
COLD, COLD_STARTS = "cold-start-", 2     # timed from outside: from the start of a process to the line that it prints after the first step
# Keeps freed memory in the process instead of giving it back to the system after every step (glibc only).
TUNED_ALLOCATOR = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(16 << 30)}


class PeerFailure(Exception):
    """A side ended without a measurement."""


@dataclasses.dataclass(frozen=True)
class Side:
    name: str
    command: list                                   # the workload's name, the seconds and the threads are filled in
    environment: dict = dataclasses.field(default_factory=dict)

    def measure(self, workload, seconds, threads):
        """One process; returns its measurement, or None if this side does not have the workload."""
        if workload.startswith(COLD):
            return self.cold(workload, threads)
        return self.answer(self.start(workload, seconds, threads))

    def cold(self, workload, threads):
        """Several processes, each up to its first line."""
        times = []
        for _ in range(COLD_STARTS):
            began = time.perf_counter()
            process, values = self.start(workload, 1, threads)
            late = threading.Timer(LONGEST, process.kill)
            late.start()
            line = process.stdout.readline()
            times.append(1000 * (time.perf_counter() - began))
            late.cancel()
            if self.printed((process, values)) is None:
                return None
            if not line:
                raise PeerFailure(f"{self.name}, {workload}: printed nothing after its first step")
        return {"workload": workload, "threads": threads, "median_ms": statistics.median(times), "best_ms": min(times),
                "quartiles_ms": spread.quartiles(times)}

    def start(self, workload, seconds, threads):
        """A process that measures; `answer` waits for it."""
        values = {"workload": workload, "seconds": seconds, "threads": threads}
        command = [str(word).format(**values) for word in self.command]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **self.environment}, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace")
        return process, values

    def answer(self, started):
        printed = self.printed(started)
        return None if printed is None else self.checked(printed, started[1])

    def printed(self, started):
        """What a process prints up to its end, or None if it does not know the workload."""
        process, values = started
        try:
            printed, said = process.communicate(timeout=LONGEST + 20 * values["seconds"])
        except subprocess.TimeoutExpired as problem:
            raise PeerFailure(f"{self.name}, {values['workload']}: no result after {problem.timeout:.0f} s") from problem
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()
        if process.returncode == UNKNOWN_WORKLOAD:
            return None
        if process.returncode:
            raise PeerFailure(f"{self.name}, {values['workload']}: ended with status {process.returncode} and says: {reason(said or printed)}")
        return printed

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


def reason(said):
    """The line that tells most: Java's error stands first, Python's last."""
    lines = said.strip().splitlines() or ["nothing"]
    return next((line for line in lines if line.startswith("Exception in thread")), lines[-1])


def rivals(python, workloads):
    """The other sides of these workloads."""
    torch = [python, TORCH_PEER, "{workload}", "--exact", "--seconds", "{seconds}", "--threads", "{threads}"]
    found = [Side(results.TORCH, torch)]
    if platform.system() == "Linux":
        found.append(Side(results.TORCH_TUNED, torch, TUNED_ALLOCATOR))
    if our_java.java() and any(name.startswith(dl4j_java.LAYERS) for name in workloads):
        try:
            peer = ["unroll.bench.dl4j.Dl4jPeer", "{workload}", "{seconds}", "{threads}"]
            found.append(Side(results.DL4J, [our_java.java(), "-cp", dl4j_java.class_path(), *peer]))
        except dl4j_java.NoDl4j as problem:
            print(f"DL4J is left out: {problem}", flush=True)
    return found


def ours():
    """Our side, in a JVM as it comes."""
    # Two at once would not start without ignoreLock; other work is noticed anyway.
    peer = ["-Dunroll.threads={threads}", "-Djmh.ignoreLock=true", "unroll.bench.Peer", "{workload}", "{seconds}"]
    return Side(results.OURS, [*our_java.command(), *peer])
