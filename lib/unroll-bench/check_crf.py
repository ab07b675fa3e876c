#!/usr/bin/env python3
"""Compares the loss and all gradients of the workload crf-nll with PyTorch's, and the score of the tags that crf-decode finds.

Usage: python3 lib/unroll-bench/check_crf.py

unroll.bench.CrfNll writes its own as .npz; ends with status 1 where a number differs by more than 3e-5 of the largest. Of tags that
score the same each side may find its own. Build with `mvn -q -B package` before.
"""
import pathlib
import subprocess
import sys
import tempfile

import our_java
import torch_python

SIZES = (17, 32, 30)                     # tags, sequences, steps
TOLERANCE = 3e-5                         # PyTorch adds logarithms up in float


def ours(folder):
    import numpy
    file = pathlib.Path(folder, "crf.npz")
    subprocess.run([str(word) for word in [*our_java.command(), "unroll.bench.CrfNll", *SIZES, file]], cwd=our_java.ROOT, check=True)
    with numpy.load(file) as arrays:
        return {name: arrays[name] for name in arrays}


def theirs(tags):
    """PyTorch's, with the score of its best tags as "tags"; and the score of these tags."""
    import torch
    import torch_peer
    loss, tensors = torch_peer.crf(*SIZES)
    value = loss()
    value.backward()
    values = {"loss": value.detach(), **dict(zip(("emissions", "transitions", "start", "end"), (tensor.grad for tensor in tensors)))}
    values["tags"] = score(torch_peer.crf_decode(*SIZES)().clone(), *tensors)      # inference tensors know no gradients
    return {name: tensor.detach().numpy() for name, tensor in values.items()}, score(torch.from_numpy(tags).long(), *tensors).detach().numpy()


def score(tags, emissions, transitions, start, end):
    """Of each sequence's tags, before it is normalized."""
    return start[tags[0]] + end[tags[-1]] + emissions.gather(2, tags.unsqueeze(2)).sum((0, 2)) + transitions[tags[:-1], tags[1:]].sum(0)


def difference(ours, theirs):
    """The largest, as a share of the largest number."""
    if ours.shape != theirs.shape:
        return float("inf")
    return float(abs(ours - theirs).max() / abs(theirs).max())


def main():
    try:
        import torch  # noqa: F401
    except ImportError:
        python = torch_python.find()     # this script again, in a Python that has torch
        return subprocess.run([python, __file__]).returncode
    with tempfile.TemporaryDirectory() as folder:
        mine = ours(folder)
    expected, mine["tags"] = theirs(mine["tags"])
    found = {name: difference(mine[name], value) for name, value in expected.items()}
    wrong = {name: value for name, value in found.items() if not value <= TOLERANCE}
    print(f"Field: PyTorch's loss, gradients and best scores differ by at most {max(found.values()):.1e} of the largest"
          + (f"; too much: {', '.join(wrong)}" if wrong else ""))
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (torch_python.NoTorch, subprocess.CalledProcessError) as problem:
        sys.exit(str(problem))
