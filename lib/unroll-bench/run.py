#!/usr/bin/env python3
"""Times Unroll against PyTorch and DL4J on the CPU in alternating runs and writes RESULTS.md and RESULTS.png.

Usage: python3 lib/unroll-bench/run.py [PREFIX...] [--rounds 5] [--seconds 3] [--threads 2]
       python3 lib/unroll-bench/run.py --two-at-once layer-lstm-B32-T64-I128-H128
       python3 lib/unroll-bench/run.py --growth
       python3 lib/unroll-bench/run.py --growth-long

A round runs each side once, each in its own process, beginning with another side every time. A side's figure is the
median over the rounds of the medians; PyTorch runs with its usual memory allocator and with a tuned one, and the better
of the two counts. PREFIX chooses workloads (`char-lm`, `layer-gru`); the rows of the others stay in RESULTS.md. Without
one, PyTorch's layers also read weights that Unroll exported and must give the same outputs.

Our side is  java -cp 'lib/kit/*:lib/unroll-bench/target/classes:lib/unroll-bench/target/jmh/*' unroll.bench.Peer WORKLOAD
SECONDS  with the threads in the system property unroll.threads; it measures with JMH. It warms up, measures for SECONDS and
prints one JSON line on standard output, as torch_peer.py and DL4J's side do: {"workload": …, "median_ms": …, "best_ms": …,
"rounds": …, "threads": …}. Exit status 3 says that a side does not know the workload; the table then shows a dash.
"""
import argparse
import statistics
import subprocess
import sys
import time

import growth
import growth_long
import results
import sides
import torch_python
from other_work import OtherWork
from sides import HERE, ROOT, PeerFailure, java


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
    for name, rounds in measured.items():
        if len(rounds) == asked.rounds:
            row["sides"][name] = summary(rounds)
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
    return {**about(workload, asked, clock), "kind": results.TWO_AT_ONCE, "alone": summary(alone),
            "together": [summary(figures) for figures in together]}


def grow(side, asked):
    """Times and memory of a training step over growing sizes."""
    clock = OtherWork()
    measured = growth.measure(median_of(side, asked), growth.memory(sides.our_java("-XX:+UseSerialGC"), ROOT))
    return {**about("rnn-with-output", asked, clock), "kind": results.GROWTH, **measured}


def grow_long(side, asked):
    """Times of layers over ever longer sequences."""
    clock = OtherWork()
    measured = growth_long.measure(median_of(side, asked), growth_long.long_run(sides.our_java(f"-Xmx{growth_long.HEAP}"), ROOT))
    return {**about("long-sequences", asked, clock), "kind": results.GROWTH_LONG, **measured}


def median_of(side, asked):
    """What measures a workload in ms, over all rounds."""
    def median(workload):
        ms = summary([side.measure(workload, asked.seconds, asked.threads) for _ in range(asked.rounds)])["median_ms"]
        print(f"{workload}: {results.digits(ms)} ms", flush=True)
        return ms
    return median


def about(workload, asked, clock):
    return {"workload": workload, "rounds": asked.rounds, "threads": asked.threads, "date": time.strftime("%Y-%m-%d"),
            "other_work": clock.cores()}


def summary(rounds):
    """Of the measurements of several processes."""
    versions = {"version": one["version"] for one in rounds if "version" in one}
    return {"median_ms": statistics.median(one["median_ms"] for one in rounds), "best_ms": min(one["best_ms"] for one in rounds), **versions}


def draw(environment, threads):
    """RESULTS.png, of what was measured here."""
    lines = results.chart(HERE, environment, threads)
    if lines:
        command = [*sides.our_java("-Djava.awt.headless=true"), "unroll.bench.RatioChart", HERE / results.CHART,
                   f"{environment['machine']}; {threads} threads"]
        subprocess.run([str(word) for word in command], cwd=ROOT, input="\n".join(lines), encoding="utf-8", check=True)


def check(python, script):
    """Whether PyTorch computes what we do; returns what went wrong."""
    done = subprocess.run([python, HERE / script], capture_output=True, text=True)
    said = sides.reason(done.stderr if done.returncode and done.stderr.strip() else done.stdout)
    print(said, flush=True)
    return [said] if done.returncode else []


def compare_all(asked):
    try:
        python = torch_python.find()
    except torch_python.NoTorch as problem:
        sys.exit(str(problem))
    listed = subprocess.run([python, sides.TORCH_PEER, "--list", *asked.prefixes], capture_output=True, text=True)
    if listed.returncode:
        sys.exit(listed.stderr.strip())
    workloads = listed.stdout.split()
    environment = results.environment(python, java())
    failures = []
    ours = sides.ours()
    compared = sides.rivals(python, workloads)
    if isinstance(ours, str):
        print(f"{ours} Timing the others alone.", flush=True)
    else:
        compared.insert(0, ours)
    for workload in workloads:
        row, problems = compare(workload, compared, asked)
        failures += problems
        results.keep(HERE, environment, row)
        print(results.line(row), *problems, sep="\n  ", flush=True)
    if not isinstance(ours, str):
        draw(environment, asked.threads)
        failures += [] if asked.prefixes else check(python, "check_weights.py")
        failures += check(python, "check_crf.py") if any(name.startswith("crf") for name in workloads) else []
    return failures


def measure_ours(asked):
    """The measurements that need no other side."""
    side = sides.ours()
    if isinstance(side, str):
        sys.exit(side)
    measure = grow if asked.growth else grow_long if asked.growth_long else lambda ours, what: two_at_once(asked.two_at_once, ours, what)
    row = measure(side, asked)
    results.keep(HERE, results.environment(None, java()), row)
    print(results.section(row))


def arguments():
    parser = argparse.ArgumentParser(description="Times Unroll against PyTorch and DL4J and writes lib/unroll-bench/RESULTS.md.")
    parser.add_argument("prefixes", nargs="*", metavar="PREFIX", help="workloads whose names start so; without any: all")
    parser.add_argument("--rounds", type=int, default=5, help="processes per side and workload (default 5)")
    parser.add_argument("--seconds", type=float, default=3, help="measuring time per process (default 3)")
    parser.add_argument("--threads", type=int, default=2, help="threads of each side (default 2)")
    parser.add_argument("--two-at-once", metavar="WORKLOAD", help="our side alone, then two of its processes at the same time")
    parser.add_argument("--growth", action="store_true", help="how time and memory of our side grow with the sizes")
    parser.add_argument("--growth-long", action="store_true", help="how the time of our side grows with the length of long sequences")
    asked = parser.parse_args()
    if asked.rounds < 1 or asked.threads < 1 or not 0 < asked.seconds <= 600:
        parser.error("--rounds and --threads must be at least 1, --seconds between 0 and 600")
    if bool(asked.prefixes) + bool(asked.two_at_once) + asked.growth + asked.growth_long > 1:
        parser.error("give PREFIX, --two-at-once, --growth or --growth-long, one of them")
    return asked


def main():
    asked = arguments()
    try:
        failures = measure_ours(asked) if asked.growth or asked.growth_long or asked.two_at_once else compare_all(asked)
    except (PeerFailure, subprocess.CalledProcessError) as problem:
        sys.exit(str(problem))
    print(f"Written: {HERE / results.TABLE}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped; the workloads measured so far are in RESULTS.md.")
