#!/usr/bin/env python3
"""Compares the loss and all gradients of the workload crf-nll with PyTorch's.

Usage: python3 lib/unroll-bench/check_crf.py

unroll.bench.CrfNll writes its own as .npz; ends with status 1 where a number differs by more than 3e-5 of the largest. Build
with `mvn -q -B package` before.
"""
import pathlib
import subprocess
import sys
import tempfile

import sides
import torch_python

SIZES = (17, 32, 30)                     # tags, sequences, steps
TOLERANCE = 3e-5                         # PyTorch adds logarithms up in float


def ours(folder):
    import numpy
    file = pathlib.Path(folder, "crf.npz")
    subprocess.run([str(word) for word in [*sides.our_java(), "unroll.bench.CrfNll", *SIZES, file]], cwd=sides.ROOT, check=True)
    with numpy.load(file) as arrays:
        return {name: arrays[name] for name in arrays}


def theirs():
    import torch_peer
    loss, tensors = torch_peer.crf(*SIZES)
    value = loss()
    value.backward()
    values = {"loss": value.detach(), **dict(zip(("emissions", "transitions", "start", "end"), (tensor.grad for tensor in tensors)))}
    return {name: tensor.numpy() for name, tensor in values.items()}


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
    found = {name: difference(mine[name], value) for name, value in theirs().items()}
    wrong = {name: value for name, value in found.items() if not value <= TOLERANCE}
    print(f"Field: PyTorch's loss and gradients differ by at most {max(found.values()):.1e} of the largest"
          + (f"; too much: {', '.join(wrong)}" if wrong else ""))
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (torch_python.NoTorch, subprocess.CalledProcessError) as problem:
        sys.exit(str(problem))
