"""PyTorch's side of the training steps with an encoder and a decoder: the same nets as ours, each operation over all steps at once."""
import time

import torch
from torch import nn
from torch.nn.functional import cross_entropy, max_pool2d

TRIAL = 8                                # steps
BATCHES = 4                              # in turn, so that none is learnt by heart


def training_step(model, batches):
    """Loss, gradients, clipping to norm 5 and Adam."""
    adam = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    turn = 0

    def step():
        nonlocal turn
        batch = batches[turn % len(batches)]
        turn += 1
        adam.zero_grad()
        model(*batch).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        adam.step()
    return step


class Translation(nn.Module):
    """Attention of Luong, Pham and Manning (2015), "general", after the decoder's layer, so that the layer reads the whole target at once."""

    def __init__(self, hidden, symbols):
        super().__init__()
        self.source, self.target = nn.Embedding(symbols, hidden), nn.Embedding(symbols, hidden)
        self.encoder, self.decoder = nn.GRU(hidden, hidden), nn.GRU(hidden, hidden)
        self.first, self.combine = nn.Linear(hidden, hidden), nn.Linear(2 * hidden, hidden)
        self.score = nn.Linear(hidden, hidden, bias=False)
        self.output = nn.Linear(hidden, symbols)

    def forward(self, source, inputs, targets):
        states, last = self.encoder(self.source(source))
        queries, _ = self.decoder(self.target(inputs), self.first(last).tanh())
        values = states.transpose(0, 1)
        weights = torch.bmm(queries.transpose(0, 1), self.score(states).permute(1, 2, 0)).softmax(-1)      # [B, T, S]
        context = torch.bmm(weights, values).transpose(0, 1)
        found = self.combine(torch.cat((context, queries), -1)).tanh()
        return cross_entropy(self.output(found).flatten(0, 1), targets.flatten())


def translation_step(hidden, batch, steps, symbols):
    def pairs():
        target = torch.randint(symbols, (steps + 1, batch))
        return torch.randint(symbols, (steps, batch)), target[:-1], target[1:]
    return training_step(Translation(hidden, symbols), [pairs() for _ in range(BATCHES)])


class Captions(nn.Module):
    """Convolutions that halve the picture, by their stride or by a pooling, each with ReLU; the mean of each channel; and an LSTM whose first state is made from it."""

    def __init__(self, pooled, channels, hidden, symbols):
        super().__init__()
        self.pooled = pooled
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, 3, stride=1 if pooled else 2, padding=1) for a, b in zip((3, *channels), channels))
        self.first = nn.Linear(channels[-1], 2 * hidden)
        self.embedding, self.decoder, self.output = nn.Embedding(symbols, hidden), nn.LSTM(hidden, hidden), nn.Linear(hidden, symbols)

    def forward(self, pictures, inputs, targets):
        x = pictures
        for convolution in self.convolutions:
            x = convolution(x)
            x = (max_pool2d(x, 2) if self.pooled else x).relu()        # in this order, as ours
        h, c = self.first(x.mean((2, 3))).tanh().unsqueeze(0).chunk(2, 2)
        states, _ = self.decoder(self.embedding(inputs), (h.contiguous(), c.contiguous()))
        return cross_entropy(self.output(states).flatten(0, 1), targets.flatten())


def captions_step(pooled, side, channels, hidden, batch, steps, symbols):
    """With the channels of a pixel side by side or far apart: the layout that is faster in a short trial."""
    def laid_out(layout):
        def captioned():
            text = torch.randint(symbols, (steps + 1, batch))
            return torch.randn(batch, 3, side, side).to(memory_format=layout), text[:-1], text[1:]
        model = Captions(pooled, channels, hidden, symbols).to(memory_format=layout)
        return training_step(model, [captioned() for _ in range(BATCHES)])

    def quickest(step):
        times = []
        for _ in range(TRIAL):
            start = time.perf_counter()
            step()
            times.append(time.perf_counter() - start)
        return min(times)
    return min((laid_out(layout) for layout in (torch.contiguous_format, torch.channels_last)), key=quickest)
