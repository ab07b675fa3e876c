"""Writes lstm.npz and lstm-bidirectional.npz into this folder: weights of PyTorch's nn.LSTM with an input x, its output y and last states."""
import pathlib
import numpy
import torch

for name, both in (("lstm", False), ("lstm-bidirectional", True)):
    torch.manual_seed(7)
    lstm, x = torch.nn.LSTM(3, 4, num_layers=2, bidirectional=both), torch.randn(5, 2, 3)
    y, (h, c) = lstm(x)
    arrays = {**{"lstm." + k: v for k, v in lstm.state_dict().items()}, "x": x, "y": y, "h": h, "c": c}
    numpy.savez(pathlib.Path(__file__).with_name(name + ".npz"), **{k: v.detach().numpy() for k, v in arrays.items()})
