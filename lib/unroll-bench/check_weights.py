#!/usr/bin/env python3
"""Gives weights that Unroll exported to PyTorch's layers and compares the outputs.

Usage: python3 lib/unroll-bench/check_weights.py

Exports LSTM, GRU and RNN layers, one and two on top of each other, in one and both directions, as .npz and .safetensors
(unroll.bench.ExportWeights), loads each file with load_state_dict and ends with status 1 where an output differs by more
than 1e-5. Build with `mvn -q -B package` before.
"""
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

import our_java
import torch_python

TOLERANCE = 1e-5
FILES = 32                               # four kinds, one and two layers, one and both directions, two formats
NAME = re.compile(r"(LSTM|GRU|RNN)(?:-(tanh|relu))?-x(\d)(-bidirectional)?")


def export(folder):
    subprocess.run([*our_java.command(), "unroll.bench.ExportWeights", folder], cwd=our_java.ROOT, check=True)


def npz(file):
    import numpy
    import torch
    with numpy.load(file) as arrays:
        return {name: torch.from_numpy(arrays[name]) for name in arrays}


def safetensors(file):
    """The format by its description, so that the package of that name is not needed."""
    import torch
    content = file.read_bytes()
    start = 8 + struct.unpack("<Q", content[:8])[0]
    tensors = {}
    for name, entry in json.loads(content[8:start]).items():
        assert entry["dtype"] == "F32", entry
        first, last = entry["data_offsets"]
        tensors[name] = torch.frombuffer(bytearray(content[start + first:start + last]), dtype=torch.float32).reshape(entry["shape"])
    return tensors


def difference(file):
    """The largest between their output and ours."""
    import torch
    tensors = npz(file) if file.suffix == ".npz" else safetensors(file)
    kind, nonlinearity, layers, both = NAME.fullmatch(file.stem).groups()
    x, y = tensors.pop("x"), tensors.pop("y")
    weights = {name.removeprefix("layer."): tensor for name, tensor in tensors.items()}
    options = {"nonlinearity": nonlinearity} if nonlinearity else {}
    layer = getattr(torch.nn, kind)(x.shape[2], weights["weight_hh_l0"].shape[1], int(layers), bidirectional=bool(both), **options)
    layer.load_state_dict(weights)       # refuses missing, further and misshapen ones
    with torch.no_grad():
        return (layer(x)[0] - y).abs().max().item()


def main():
    try:
        import torch  # noqa: F401
    except ImportError:
        python = torch_python.find()     # this script again, in a Python that has torch
        return subprocess.run([python, __file__]).returncode
    failed, worst = 0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        export(folder)
        files = sorted(pathlib.Path(folder).iterdir())
        for file in files:
            largest = difference(file)
            fits = largest <= TOLERANCE
            failed += not fits
            worst = max(worst, largest)
            print(f"{file.name:38} {largest:.1e}{'' if fits else '  DIFFERS'}")
    if len(files) != FILES:
        print(f"expected {FILES} files but got {len(files)}")
    print(f"Exported weights: PyTorch's outputs differ by at most {worst:.1e} in {len(files)} files; {failed} differ by more than {TOLERANCE:.0e}")
    return 0 if len(files) == FILES and not failed else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (torch_python.NoTorch, subprocess.CalledProcessError) as problem:
        sys.exit(str(problem))
