"""Writes nn_goldens.json beside this file: layers over pictures as PyTorch computes them in double precision, with all gradients."""
import json, pathlib, torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(20)
torch.set_default_dtype(torch.float64)
cases = []


def short(values):
    """Nested lists of numbers with ten digits after the point: more than single precision can tell apart."""
    return [short(v) for v in values] if isinstance(values, list) else round(values, 10)


def case(name, layer, x, parameters=(), **settings):
    """layer(x): its output, and the gradients of sum(output * cotangent) by x and the parameters."""
    x = x.mul(100).round().div(100).requires_grad_(True)
    y = layer(x)
    cotangent = torch.randn_like(y).mul(100).round().div(100)
    grads = torch.autograd.grad(y, [x, *[p for _, p in parameters]], cotangent)
    values = {"x": x, "output": y, "cotangent": cotangent, "dx": grads[0]}
    for (key, p), g in zip(parameters, grads[1:]):
        values |= {key: p, "d" + key: g}
    cases.append({"name": name, **settings, **{k: short(v.tolist()) for k, v in values.items()}})
    return cases[-1]


for kernel, stride, padding, height, width, channels, out in [(1, 1, 0, 5, 4, 3, 2), (1, 2, 0, 5, 6, 2, 3), (3, 1, 0, 5, 6, 3, 4),
        (3, 1, 1, 6, 5, 2, 3), (3, 2, 1, 7, 6, 3, 2), (3, 3, 2, 8, 5, 1, 2), (5, 1, 2, 6, 7, 2, 2), (5, 2, 0, 9, 8, 2, 3), (5, 2, 2, 4, 3, 1, 1)]:
    conv = nn.Conv2d(channels, out, kernel, stride, padding)
    case(f"conv2d-k{kernel}-s{stride}-p{padding}", conv, torch.randn(2, channels, height, width), [("w", conv.weight), ("b", conv.bias)],
         kernel=kernel, stride=stride, padding=padding)
for kernel, stride, padding in [(2, 2, 0), (3, 2, 1), (3, 1, 0)]:
    case(f"max-pool-k{kernel}-s{stride}-p{padding}", nn.MaxPool2d(kernel, stride, padding), torch.randn(2, 2, 7, 6), kernel=kernel, stride=stride,
         padding=padding)
for kernel, stride in [(2, 2), (3, 2), (3, 1)]:
    case(f"avg-pool-k{kernel}-s{stride}", nn.AvgPool2d(kernel, stride), torch.randn(2, 2, 7, 6), kernel=kernel, stride=stride)
for height, width in [(1, 1), (3, 2), (4, 5), (9, 7)]:
    case(f"adaptive-avg-pool-{height}-{width}", nn.AdaptiveAvgPool2d((height, width)), torch.randn(2, 2, 7, 6), height=height, width=width)
for mode in ("train", "eval"):
    norm = nn.BatchNorm2d(3)
    norm.weight.data, norm.bias.data = torch.randn(3), torch.randn(3)
    norm.running_mean, norm.running_var = torch.randn(3), torch.rand(3) + 0.5
    before = {"mean": norm.running_mean.tolist(), "variance": norm.running_var.tolist()}
    norm.train(mode == "train")
    written = case(f"batch-norm-{mode}", norm, torch.randn(4, 3, 2, 3) * 2 + 1, [("gain", norm.weight), ("bias", norm.bias)])
    written |= before | {"mean_after": norm.running_mean.tolist(), "variance_after": norm.running_var.tolist()}
for height, width in [(4, 3), (5, 9), (12, 11), (7, 6)]:
    x = torch.rand(3, 7, 6)
    y = F.interpolate(x[None], (height, width), mode="bilinear", align_corners=False, antialias=True)[0]
    cases.append({"name": f"resize-{height}-{width}", "height": height, "width": width, "x": short(x.tolist()), "output": short(y.tolist())})

pathlib.Path(__file__).with_name("nn_goldens.json").write_text(json.dumps({"torch": torch.__version__, "cases": cases}))
