#!/usr/bin/env python3
"""Times Unroll against PyTorch and DL4J on the CPU in alternating runs and writes RESULTS.md and RESULTS.png.

Usage: python3 lib/unroll-bench/run.py [PREFIX...] [--rounds 5] [--seconds 1.2] [--threads N]
       python3 lib/unroll-bench/run.py --two-at-once layer-lstm-B32-T64-I128-H128
       python3 lib/unroll-bench/run.py --scaling | --endurance | --growth | --growth-long

Our side is built first where it is missing or older than its sources, with Maven as notebooks/run.py finds or fetches it.

A round runs each side once, each in its own process, beginning with another side every time. A side's figure is the
median over the rounds of the medians; PyTorch runs with its usual memory allocator and with a tuned one, and the better
of the two counts. PREFIX chooses workloads (`char-lm`, `layer-gru`); the rows of the others stay in RESULTS.md. Without
one, PyTorch's layers also read weights that Unroll exported and must give the same outputs.

Our side is  java -cp 'lib/kit/*:lib/unroll-bench/target/classes:lib/unroll-bench/target/jmh/*' unroll.bench.Peer WORKLOAD
SECONDS  with the threads in the system property unroll.threads; it measures with JMH. It warms up, measures for SECONDS and
prints one JSON line on standard output, as torch_peer.py and DL4J's side do: {"workload": …, "median_ms": …, "quartiles_ms":
[…, …], "best_ms": …, "rounds": …, "threads": …}. Exit status 3 says that a side does not know the workload; the table then
shows a dash. A workload cold-start-X is the first step of X: processes are timed from outside, up to their first line.
"""
import argparse
import subprocess
import sys
import time
import typing

import flops
import our_java
import results
import sides
import spread
import torch_python
from other_work import OtherWork
from sides import HERE, ROOT, PeerFailure

RATE_SECONDS = 1.5


def compare(workload, compared, asked):
    """All rounds of one workload. Returns the table's row and what went wrong."""
    measured = {side.name: [] for side in compared}
    failures = []
    left = list(compared)
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
    row = {**about(workload, asked, clock), "sides": {}}
    for side in compared:
        if len(measured[side.name]) == asked.rounds:
            row["sides"][side.name] = spread.summary(measured[side.name])
    return row, failures


def two_at_once(workload, side, asked):
    """In each round one process alone, then two at the same time."""
    clock = OtherWork()
    alone, together = [], ([], [])
    for _ in range(asked.rounds):
        alone.append(side.measure(workload, asked.seconds, asked.threads))
        if alone[-1] is None:
            raise PeerFailure(f"{side.name} does not know the workload {workload}")
        both = [side.start(workload, asked.seconds, asked.threads) for _ in together]
        try:
            for started, figures in zip(both, together):
                figures.append(side.answer(started))
        finally:
            for process, _ in both:
                process.kill()                      # the second, where the first failed
    return {**about(workload, asked, clock), "kind": results.TWO_AT_ONCE, "alone": spread.summary(alone),
            "together": [spread.summary(figures) for figures in together]}


def alone(kind, side, asked):
    """A measurement that needs no other side."""
    clock = OtherWork()
    module = results.ALONE[kind]
    found = module.measure(Measuring(median_of(side, asked), our_java.answer, asked.seconds, results.cores()))
    return {**about(module.NAME, asked, clock), "kind": kind, **found}


class Measuring(typing.NamedTuple):
    """What `measure` of growth.py, growth_long.py, scaling.py and endurance.py may use."""
    median: typing.Callable                         # of a workload, and a number of threads: ms
    answer: typing.Callable                         # of one of our classes and its arguments
    seconds: float
    cores: int


def median_of(side, asked):
    """What measures a workload in ms, over all rounds."""
    def median(workload, threads=asked.threads):
        ms = spread.summary([side.measure(workload, asked.seconds, threads) for _ in range(asked.rounds)])["median_ms"]
        print(f"{workload}, {threads} threads: {results.digits(ms)} ms", flush=True)
        return ms
    return median


def about(workload, asked, clock):
    return {"workload": workload, "rounds": asked.rounds, "threads": asked.threads, "date": time.strftime("%Y-%m-%d"),
            "other_work": clock.cores()}


def draw(environment, threads):
    """RESULTS.png, of what was measured here."""
    lines = results.chart(HERE, environment, threads)
    if lines:
        command = [*our_java.command("-Djava.awt.headless=true"), "unroll.bench.RatioChart", HERE / results.CHART,
                   f"{environment['machine']}; {threads} threads"]
        subprocess.run([str(word) for word in command], cwd=ROOT, input="\n".join(lines), encoding="utf-8", check=True)


def check(python, script):
    """Whether PyTorch computes what we do; returns what went wrong."""
    done = subprocess.run([python, HERE / script], capture_output=True, text=True)
    said = sides.reason(done.stderr if done.returncode and done.stderr.strip() else done.stdout)
    print(said, flush=True)
    return [said] if done.returncode else []


def compare_all(asked):
    python = torch_python.find()
    listed = subprocess.run([python, sides.TORCH_PEER, "--list", *asked.prefixes], capture_output=True, text=True)
    if listed.returncode:
        sys.exit(listed.stderr.strip())
    workloads = listed.stdout.split()
    environment = results.environment(python, our_java.java())
    failures = []
    compared = [sides.ours(), *sides.rivals(python, workloads)]
    for number, workload in enumerate(workloads, 1):
        rate = our_java.answer("unroll.bench.Rate", RATE_SECONDS, options=[f"-Dunroll.threads={asked.threads}"]) if flops.of(workload) else {}
        row, problems = compare(workload, compared, asked)
        row["limit_gflops"] = rate.get("gflops")
        failures += problems
        results.keep(HERE, environment, row)
        print(f"[{number}/{len(workloads)}] {results.line(row)}", *problems, sep="\n  ", flush=True)
    draw(environment, asked.threads)
    failures += [] if asked.prefixes else check(python, "check_weights.py")
    failures += check(python, "check_crf.py") if any(name.startswith("crf") for name in workloads) else []
    return failures


def measure_ours(asked):
    """The measurements that need no other side."""
    side = sides.ours()
    row = two_at_once(asked.two_at_once, side, asked) if asked.two_at_once else alone(asked.kind, side, asked)
    results.keep(HERE, results.environment(None, our_java.java()), row)
    print(results.section(row))
    return []


def arguments():
    parser = argparse.ArgumentParser(description="Times Unroll against PyTorch and DL4J and writes lib/unroll-bench/RESULTS.md.")
    parser.add_argument("prefixes", nargs="*", metavar="PREFIX", help="workloads whose names start so; without any: all")
    parser.add_argument("--rounds", type=int, default=5, help="processes per side and workload (default 5)")
    parser.add_argument("--seconds", type=float, default=1.2, help="measuring time per process (default 1.2)")
    parser.add_argument("--threads", type=int, default=results.cores(), help="threads of each side (default: one a core, here %(default)s)")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--two-at-once", metavar="WORKLOAD", help="our side alone, then two of its processes at the same time")
    for kind, module in results.ALONE.items():
        mode.add_argument(module.OPTION, dest="kind", action="store_const", const=kind, help=module.HELP)
    asked = parser.parse_args()
    if asked.rounds < 1 or asked.threads < 1 or not 0 < asked.seconds <= 600:
        parser.error("--rounds and --threads must be at least 1, --seconds between 0 and 600")
    if asked.prefixes and (asked.two_at_once or asked.kind):
        parser.error("PREFIX belongs to the comparison; give it or one of the options that measure our side alone")
    return asked


def main():
    asked = arguments()
    try:
        our_java.build()
        failures = measure_ours(asked) if asked.kind or asked.two_at_once else compare_all(asked)
    except (our_java.Problem, torch_python.NoTorch, PeerFailure, subprocess.CalledProcessError) as problem:
        sys.exit(str(problem))
    print(f"Written: {HERE / results.TABLE}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped; the workloads measured so far are in RESULTS.md.")
