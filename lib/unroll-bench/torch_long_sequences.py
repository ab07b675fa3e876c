"""PyTorch's side of the layers that are linear in their state, each in the usual formulations: the fastest one is timed.

The kernels follow the published code of S4D and H3, the scans that of minGRU and the reference of Mamba's selective scan. Inputs lie in
memory as each formulation likes them best. N counts a complex mode and its conjugate as two, as there: N = 64 is 32 complex modes.
"""
import math
import time

import torch
from torch import nn
from torch.nn.functional import conv1d, pad, softplus


def fastest(forms, wanted, upstream):
    """The step of the form that is fastest in a short trial: forward and backward to all that is wanted. All forms must give the same outputs."""
    outputs = [form() for form in forms]
    for output in outputs[1:]:
        torch.testing.assert_close(output, outputs[0], rtol=1e-2, atol=1e-3)
    steps = [gradient_step(form, upstream, wanted) for form in forms]
    return min(steps, key=best_of)


def best_of(step, calls=5):
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return min(times)


def gradient_step(form, upstream, wanted):
    def step():
        for tensor in wanted:
            tensor.grad = None
        form().backward(upstream)
    return step


# Diagonal state spaces: a kernel over all steps, then a convolution by the fast Fourier transform.

class Diagonal(nn.Module):
    """Gu, Gupta, Goel and Ré (2022), zero-order hold, B = 1: x_t = A x_(t-1) + B u_t, y_t = 2 Re(C x_t) + D u_t."""

    def __init__(self, channels, states):
        super().__init__()
        modes = states // 2
        self.log_step = nn.Parameter(torch.empty(channels).uniform_(math.log(1e-3), math.log(1e-1)))
        self.log_decay = nn.Parameter(torch.full((channels, modes), math.log(0.5)))
        self.frequency = nn.Parameter(torch.pi * torch.arange(modes).expand(channels, modes).clone())
        self.c = nn.Parameter(torch.randn(channels, modes, 2) * 0.5 ** 0.5)
        self.d = nn.Parameter(torch.randn(channels))

    def factors(self):
        a = torch.complex(-self.log_decay.exp(), self.frequency)
        step = a * self.log_step.exp().unsqueeze(-1)
        return step, torch.view_as_complex(self.c) * (step.exp() - 1) / a

    def naive(self, length):
        """All powers at once: modes times length complex numbers for each channel."""
        step, c = self.factors()
        powers = (step.unsqueeze(-1) * torch.arange(length)).exp()
        return 2 * torch.einsum("hn,hnl->hl", c, powers).real

    def product(self, length, fine=64):
        """The power l = 64 i + j as a product of two: one batched product of small real factors."""
        step, c = self.factors()
        coarse = (step.unsqueeze(1) * torch.arange(0, length, fine).unsqueeze(-1)).exp() * (2 * c.unsqueeze(1))
        inner = (step.unsqueeze(-1) * torch.arange(fine)).exp()
        left, right = torch.cat((coarse.real, -coarse.imag), 2), torch.cat((inner.real, inner.imag), 1)
        return torch.bmm(left, right).flatten(1)[:, :length]


def convolve(u, kernel):
    """[.., H, L] with [H, K], causal."""
    length = u.shape[-1]
    n = 2 * length
    return torch.fft.irfft(torch.fft.rfft(u, n) * torch.fft.rfft(kernel, n), n)[..., :length]


def s4d(batch, channels, states, length):
    net = Diagonal(channels, states)
    u = torch.randn(batch, channels, length, requires_grad=True)

    def form(kernel):
        return lambda: convolve(u, kernel(length)) + u * net.d.unsqueeze(-1)
    return fastest([form(net.naive), form(net.product)], [u, *net.parameters()], torch.randn(batch, channels, length))


def h3(batch, length, size, shift, states):
    """Fu et al. (2023), one channel a head: y = (q * diagonal(shift(k) * v)) W."""
    diagonal = Diagonal(size, states)
    weights = [torch.empty(size, size).uniform_(-size ** -0.5, size ** -0.5).requires_grad_() for _ in range(4)]
    taps, d = torch.randn(size, shift).mul(shift ** -0.5).requires_grad_(), torch.randn(size, requires_grad=True)
    u = torch.randn(batch, length, size, requires_grad=True)
    columns = u.transpose(1, 2)

    def by_fourier(k):
        return convolve(k, taps) + k * d.unsqueeze(-1)

    def by_window(k):
        return conv1d(pad(k, (shift - 1, 0)), taps.flip(1).unsqueeze(1), groups=size) + k * d.unsqueeze(-1)

    def form(shifted, kernel):
        def forward():
            q, k, v = (w @ columns for w in weights[:3])
            z = shifted(k) * v
            return (q * (convolve(z, kernel(length)) + z * diagonal.d.unsqueeze(-1))).transpose(1, 2) @ weights[3]
        return forward
    wanted = [u, taps, d, *weights, *diagonal.parameters()]
    return fastest([form(shifted, kernel) for shifted in (by_fourier, by_window) for kernel in (diagonal.naive, diagonal.product)], wanted,
                   torch.randn(batch, length, size))


# Scans: h_t = a_t h_(t-1) + b_t.

def by_loop(a, b):
    """Step by step, [L, ..]."""
    h, states = torch.zeros_like(b[0]), []
    for keep, add in zip(a.unbind(0), b.unbind(0)):
        h = torch.addcmul(add, keep, h)
        states.append(h)
    return torch.stack(states)


def by_doubling(a, b):
    """Hillis and Steele (1986): after round r each step knows the 2^r steps before it."""
    distance = 1
    while distance < len(a):
        b = torch.cat((b[:distance], torch.addcmul(b[distance:], a[distance:], b[:-distance])))
        a = torch.cat((a[:distance], a[distance:] * a[:-distance]))
        distance *= 2
    return b


def mingru(batch, length, hidden):
    """Feng et al. (2024): h_t = (1 - z_t) h_(t-1) + z_t n_t with z_t = sigmoid(..), n_t linear in x_t; h_0 = 0."""
    gates = nn.Linear(hidden, 2 * hidden)
    x = torch.randn(length, batch, hidden, requires_grad=True)

    def by(scan):
        def forward():
            z, candidate = gates(x).chunk(2, -1)
            z = z.sigmoid()
            return scan(1 - z, z * candidate)
        return forward

    def by_logarithms():
        """Heinsen (2023); the candidate may be negative, so its logarithm is complex."""
        z, candidate = gates(x).chunk(2, -1)
        keep = -softplus(z).cumsum(0)
        values = -softplus(-z) + candidate.to(torch.complex64).log()
        return torch.logcumsumexp(values - keep, 0).add(keep).exp().real
    forms = [by(by_loop), by(by_doubling)]
    with torch.no_grad():
        if torch.allclose(by_logarithms(), forms[0](), rtol=1e-2, atol=1e-3):
            forms.append(by_logarithms)
    return fastest(forms, [x, *gates.parameters()], torch.randn(length, batch, hidden))


def selective_scan(batch, length, channels, states):
    """Gu and Dao (2023): h_t = exp(step_t A) h_(t-1) + step_t u_t B_t, y_t = C_t h_t + D u_t."""
    u, b, c = (torch.randn(length, batch, n, requires_grad=True) for n in (channels, states, states))
    step = torch.empty(length, batch, channels).uniform_(1e-3, 1e-1).requires_grad_()
    log = torch.empty(channels, states).uniform_(0, 2).requires_grad_()
    d = torch.randn(channels, requires_grad=True)

    def form(scan):
        def forward():
            keep = (step.unsqueeze(-1) * -log.exp()).exp()
            h = scan(keep, (step * u).unsqueeze(-1) * b.unsqueeze(2))
            return (h @ c.unsqueeze(-1)).squeeze(-1) + u * d
        return forward

    def looped():
        """The same with all of a step's work in the loop, which keeps less in memory."""
        a, h, outputs = -log.exp(), torch.zeros(batch, channels, states), []
        for one, drive, into, out in zip(step.unbind(0), (step * u).unbind(0), b.unbind(0), c.unbind(0)):
            h = torch.addcmul(drive.unsqueeze(-1) * into.unsqueeze(1), (one.unsqueeze(-1) * a).exp(), h)
            outputs.append(torch.bmm(h, out.unsqueeze(-1)).squeeze(-1))
        return torch.stack(outputs) + u * d
    return fastest([form(by_loop), looped, form(by_doubling)], [u, b, c, step, log, d], torch.randn(length, batch, channels))
