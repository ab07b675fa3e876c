#!/usr/bin/env python3
"""PyTorch's side of the benchmark: times the workloads and prints one JSON line for each.

Usage: python3 torch_peer.py [PREFIX...] [--seconds 3] [--threads 2] [--list]

    {"workload": "layer-lstm-B16-T32-I32-H64", "threads": 2, "torch": "2.15.0", "median_ms": 0.63, "quartiles_ms": [0.61, 0.7], …}

Each workload is written the way that is fastest among the usual ones: fused layers, one backward call, sequences cut by
`unbind` (indexing `x[t]` in a loop makes the backward pass quadratic in T), gradients set to None instead of zeroed.
Names say the sizes: B batch, T time steps, I input, H hidden (x2: two layers), V vocabulary, K tags. cold-start-X is one step of X,
without a time.
"""
import argparse
import gc
import json
import math
import re
import statistics
import sys
import time

import torch
from torch import nn

import torch_encoder_decoder
import torch_long_sequences
import torch_throughput

SEED = 42
LEAST_ROUNDS = 5
UNKNOWN_WORKLOAD = 3                     # exit status, the same on every side of the comparison


# Layers: forward and backward of a whole sequence, gradients to input, weights and biases made afresh.

def layer(kind, batch, steps, inputs, hidden):
    net = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[kind](inputs, hidden)
    x = torch.randn(steps, batch, inputs, requires_grad=True)
    upstream = torch.randn(steps, batch, hidden)
    return gradient_step(lambda: net(x)[0], upstream, [x, *net.parameters()])


def handwritten_lstm_cell(batch, steps, inputs, hidden):
    """The equations written out, one time step after the other, as one does to try a new cell."""
    bound = hidden ** -0.5
    w = torch.empty(inputs + hidden, 4 * hidden).uniform_(-bound, bound).requires_grad_()
    b = torch.empty(4 * hidden).uniform_(-bound, bound).requires_grad_()
    x = torch.randn(steps, batch, inputs, requires_grad=True)
    start = torch.zeros(batch, hidden)

    def forward():
        h, c, states = start, start, []
        for x_t in x.unbind(0):
            i, f, g, o = torch.addmm(b, torch.cat((x_t, h), 1), w).chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            states.append(h)
        return torch.stack(states)

    with torch.no_grad():                # what is timed must be an LSTM: compare with the fused layer first
        fused = nn.LSTM(inputs, hidden)
        for parameter, value in zip(fused.parameters(), (w[:inputs].T, w[inputs:].T, b, torch.zeros_like(b))):
            parameter.copy_(value)
        torch.testing.assert_close(forward(), fused(x)[0], rtol=1e-4, atol=1e-5)
    return gradient_step(forward, torch.randn(steps, batch, hidden), [x, w, b])


def gradient_step(forward, upstream, wanted):
    def step():
        for tensor in wanted:
            tensor.grad = None
        forward().backward(upstream)
    return step


# Tiny networks: one binary string, forward, cross-entropy of accepting it, backward; no optimizer.

def tiny_elman(hidden, steps):
    """h_t = tanh(W x_t + U h_{t-1} + b) on one-hot symbols, accept by the logit of the last state."""
    symbols = nn.functional.one_hot(torch.randint(2, (steps,)), 2).float()
    w, u, b, p, q = weights = [torch.randn(shape).mul(0.5).requires_grad_()
                                for shape in ((hidden, 2), (hidden, hidden), (hidden,), (hidden,), ())]
    start = torch.zeros(hidden)

    def logit():
        h = start
        for x in torch.addmm(b, symbols, w.T).unbind(0):            # the input's part of all steps as one product
            h = torch.tanh(torch.addmv(x, u, h))
        return p.dot(h) + q
    return acceptance_step(logit, weights)


def tiny_second_order(hidden, steps):
    """h_t = tanh(A_s [1, h_{t-1}]) with one matrix A_s per symbol s, accept by the logit of the last state."""
    symbols = torch.randint(2, (steps,)).tolist()
    bias, recurrent, p, q = weights = [torch.randn(shape).mul(0.5).requires_grad_()
                                       for shape in ((2, hidden), (2, hidden, hidden), (hidden,), ())]
    start = torch.zeros(hidden)

    def logit():
        h, biases, matrices = start, bias.unbind(0), recurrent.unbind(0)
        for s in symbols:
            h = torch.tanh(torch.addmv(biases[s], matrices[s], h))
        return p.dot(h) + q
    return acceptance_step(logit, weights)


def acceptance_step(logit, weights):
    accepted = torch.tensor(1.0)

    def step():
        for tensor in weights:
            tensor.grad = None
        nn.functional.binary_cross_entropy_with_logits(logit(), accepted).backward()
    return step


# Language models: embedding, LSTM, linear output.

class LanguageModel(nn.Module):
    def __init__(self, vocabulary, embedding, hidden, layers):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.lstm = nn.LSTM(embedding, hidden, layers)
        self.output = nn.Linear(hidden, vocabulary)

    def forward(self, symbols):
        return self.output(self.lstm(self.embedding(symbols))[0])


def language_model_step(vocabulary, embedding, hidden, layers, batch, steps):
    """One training step: mean cross-entropy over all positions, gradient clipped to norm 5, Adam."""
    model = LanguageModel(vocabulary, embedding, hidden, layers)
    adam = torch.optim.Adam(model.parameters(), lr=2e-3, fused=True)
    texts = torch.randint(vocabulary, (4, steps + 1, batch))        # several batches, so that none is learnt by heart
    turn = 0

    def step():
        nonlocal turn
        text = texts[turn % len(texts)]
        turn += 1
        adam.zero_grad()
        logits = model(text[:-1])
        nn.functional.cross_entropy(logits.flatten(0, 1), text[1:].flatten()).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        adam.step()
    return step


# Conditional random field.

def crf_nll(tags, batch, steps):
    loss, wanted = crf(tags, batch, steps)
    return gradient_step(loss, torch.tensor(1.0), wanted)


def crf(tags, batch, steps):
    """Mean negative log likelihood of a linear chain over full sequences, in log space and one step after the other, as pytorch-crf does.
    Returns the function and the tensors whose gradients are wanted: emissions, transitions, start, end."""
    emissions = cycle(0, (steps, batch, tags)).requires_grad_()
    transitions, start, end = [cycle(seed, shape).mul(0.5).requires_grad_() for seed, shape in ((1, (tags, tags)), (2, (tags,)), (3, (tags,)))]
    wanted = torch.arange(steps * batch).mul(7).remainder(tags).view(steps, batch)

    def loss():
        unbound = emissions.unbind(0)
        alpha = start + unbound[0]
        for emission in unbound[1:]:
            alpha = torch.logsumexp(alpha.unsqueeze(2) + transitions, 1) + emission
        score = (start[wanted[0]] + end[wanted[-1]] + emissions.gather(2, wanted.unsqueeze(2)).sum((0, 2))
                 + transitions[wanted[:-1], wanted[1:]].sum(0))
        return (torch.logsumexp(alpha + end, 1) - score).mean()
    return loss, [emissions, transitions, start, end]


def crf_decode(tags, batch, steps):
    """The most probable sequences (Viterbi), all sequences at once."""
    emissions, transitions, start, end = (tensor.detach() for tensor in crf(tags, batch, steps)[1])

    @torch.inference_mode()
    def decode():
        score, backwards = start + emissions[0], []
        for emission in emissions.unbind(0)[1:]:
            best, before = (score.unsqueeze(2) + transitions).max(1)
            score = best + emission
            backwards.append(before)
        found = [(score + end).argmax(1)]
        for before in reversed(backwards):
            found.append(before.gather(1, found[-1].unsqueeze(1)).squeeze(1))
        return torch.stack(found[::-1])
    return decode


def cycle(seed, shape):
    """Numbers in -1 .. 1 that every side can make."""
    n = math.prod(shape)
    return torch.arange(n).add(seed).mul(37).remainder(101).sub(50).float().div(50).view(shape)


SIZES = [(16, 32, 32, 64), (32, 64, 128, 128), (32, 64, 256, 256), (64, 64, 512, 512)]

WORKLOADS = {
    **{f"layer-{kind}-B{b}-T{t}-I{i}-H{h}": (layer, (kind, b, t, i, h))
       for kind in ("lstm", "gru", "rnn") for b, t, i, h in SIZES},
    "handwritten-lstm-cell-B16-T32-I32-H64": (handwritten_lstm_cell, (16, 32, 32, 64)),
    "handwritten-lstm-cell-B32-T32-I128-H128": (handwritten_lstm_cell, (32, 32, 128, 128)),
    "tiny-elman-H3-T20-one-string": (tiny_elman, (3, 20)),
    "tiny-second-order-H2-T20-one-string": (tiny_second_order, (2, 20)),
    "char-lm-step-H256x2-B64-T100": (language_model_step, (65, 64, 256, 2, 64, 100)),
    "char-lm-step-H128-B32-T64": (language_model_step, (65, 32, 128, 1, 32, 64)),
    "word-lm-step-V10000-H200x2-B20-T35": (language_model_step, (10_000, 200, 200, 2, 20, 35)),
    "crf-nll-K17-B32-T30": (crf_nll, (17, 32, 30)),
    "step-seq2seq-attention-GRU256-B32-T20-V4000": (torch_encoder_decoder.translation_step, (256, 32, 20, 4000)),
    "step-captioner-64x64-conv32-64-64-LSTM256-B32-T12-V500": (torch_encoder_decoder.captions_step, (False, 64, (32, 64, 64), 256, 32, 12, 500)),
    "step-captioner-pooled-64x64-conv32-64-64-LSTM256-B32-T12-V500": (torch_encoder_decoder.captions_step, (True, 64, (32, 64, 64), 256, 32, 12, 500)),
    "layer-s4d-B8-H128-N64-L1024": (torch_long_sequences.s4d, (8, 128, 64, 1024)),
    "layer-s4d-B4-H128-N64-L4096": (torch_long_sequences.s4d, (4, 128, 64, 4096)),
    "layer-h3-B8-L1024-d128-M64-N64": (torch_long_sequences.h3, (8, 1024, 128, 64, 64)),
    "layer-mingru-B8-L1024-H128": (torch_long_sequences.mingru, (8, 1024, 128)),
    "layer-selective-scan-B8-L256-D128-N16": (torch_long_sequences.selective_scan, (8, 256, 128, 16)),
    "generate-200-chars-H256x2": (torch_throughput.generate, (65, 64, 256, 2, 1, 200)),
    "generate-64-texts-200-chars-H256x2": (torch_throughput.generate, (65, 64, 256, 2, 64, 200)),
    "beam-8-64-sentences-GRU256-T20-V4000": (torch_throughput.beam, (8, 64, 256, 20, 4000)),
    "evaluate-100k-chars-H256x2": (torch_throughput.evaluate, (65, 64, 256, 2, 100_000)),
    "crf-decode-K17-B32-T30": (crf_decode, (17, 32, 30)),
    "ngram-count-order5-1000k-chars": (torch_throughput.count, (5, 1_000_000)),
}
COLD = "cold-start-"                     # and a workload: one step of it, which run.py times from the start of the process
WORKLOADS[f"{COLD}char-lm-step-H128-B32-T64"] = WORKLOADS["char-lm-step-H128-B32-T64"]


def measure(step, seconds):
    """Times of single calls in ms, after a warm-up of a third of the given time."""
    repeat(step, seconds / 3)
    gc.collect()
    gc.disable()                         # as timeit does: Python's collector is no part of the work
    try:
        return repeat(step, seconds)
    finally:
        gc.enable()


def repeat(step, seconds):
    times, end = [], time.perf_counter() + seconds
    while len(times) < LEAST_ROUNDS or time.perf_counter() < end:
        start = time.perf_counter_ns()
        step()
        times.append((time.perf_counter_ns() - start) / 1e6)
    return times


def main():
    parser = argparse.ArgumentParser(description="Times PyTorch on the CPU; one JSON line per workload.")
    parser.add_argument("prefixes", nargs="*", metavar="PREFIX", help="workloads whose names start so; without any: all")
    parser.add_argument("--seconds", type=float, default=3, help="measuring time per workload (default 3)")
    parser.add_argument("--threads", type=int, default=2, help="threads within an operation (default 2)")
    parser.add_argument("--exact", action="store_true", help="take PREFIX as a whole name; status 3 if there is no such workload")
    parser.add_argument("--list", action="store_true", help="print the workloads' names and stop")
    asked = parser.parse_args()
    if asked.exact:
        names = [name for name in WORKLOADS if name in asked.prefixes]
    else:
        names = [name for name in WORKLOADS if name.startswith(tuple(asked.prefixes or [""]))]
    if not names and asked.exact:
        sys.exit(UNKNOWN_WORKLOAD)
    if not names:
        sys.exit("\n  ".join([f"No workload starts with {' or '.join(asked.prefixes)}. There are:", *WORKLOADS]))
    if asked.list:
        sys.exit(print("\n".join(names)))

    torch.set_num_threads(asked.threads)
    for name in names:
        torch.manual_seed(SEED)
        make, sizes = WORKLOADS[name]
        step = make(*sizes)
        about = {"workload": name, "threads": torch.get_num_threads(), "torch": re.sub(r"\+.*", "", torch.__version__)}
        if name.startswith(COLD):
            step()
            print(json.dumps(about), flush=True)
            continue
        times = measure(step, asked.seconds)
        first, median, third = statistics.quantiles(times, n=4, method="inclusive")
        print(json.dumps({**about, "median_ms": round(median, 4), "quartiles_ms": [round(first, 4), round(third, 4)],
                          "best_ms": round(min(times), 4), "rounds": len(times)}), flush=True)


if __name__ == "__main__":
    main()
