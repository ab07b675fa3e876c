"""Writes lstm and lstm-bidirectional, .npz and .safetensors, beside this file: weights of PyTorch's nn.LSTM, an input x, output y, last states."""
import pathlib, numpy, torch
import safetensors.numpy

for name, both in (("lstm", False), ("lstm-bidirectional", True)):
    torch.manual_seed(7)
    lstm, x = torch.nn.LSTM(3, 4, num_layers=2, bidirectional=both), torch.randn(5, 2, 3)
    y, (h, c) = lstm(x)
    tensors = {**{"lstm." + k: v for k, v in lstm.state_dict().items()}, "x": x, "y": y, "h": h, "c": c}
    arrays = {k: v.detach().numpy() for k, v in tensors.items()}
    numpy.savez(pathlib.Path(__file__).with_name(name + ".npz"), **arrays)
    safetensors.numpy.save_file(arrays, pathlib.Path(__file__).with_name(name + ".safetensors"))
