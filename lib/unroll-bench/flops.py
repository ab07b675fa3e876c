"""How many floating-point operations the matrix products of a step need, from the workload's name: a multiplication and an addition are two.

Only products count, convolutions as the products that they are; what is elementwise, a scan or a Fourier transform does not. The first
step of a recurrence counts like the others.
"""
import re

GATES = {"lstm": 4, "gru": 3, "rnn": 1}
CHARACTERS = 65                          # symbols of the character models
BACK_AND_FORTH = 3                       # a product, and one for the gradient of each of its factors


def product(rows, depth, columns):
    return 2 * rows * depth * columns


def recurrence(kind, rows, inputs, hidden):
    """One layer over so many rows: sequences times steps."""
    return product(rows, inputs + hidden, GATES[kind] * hidden)


def layer(kind, batch, steps, inputs, hidden):
    return BACK_AND_FORTH * recurrence(kind, batch * steps, inputs, hidden)


def language_model(rows, symbols, embedding, hidden, layers):
    """The forward pass."""
    first, more = recurrence("lstm", rows, embedding, hidden), recurrence("lstm", rows, hidden, hidden)
    return first + (layers - 1) * more + product(rows, hidden, symbols)


def characters(rows, hidden, layers):
    return language_model(rows, CHARACTERS, 32 if layers == 1 else 64, hidden, layers)


def encoder(hidden, batch, steps):
    """A GRU, the decoder's first state and the keys of the attention."""
    return recurrence("gru", batch * steps, hidden, hidden) + product(batch, hidden, hidden) + product(batch * steps, hidden, hidden)


def decoder(hidden, rows, source, symbols):
    """A GRU, weights and contexts of the attention, both together, output."""
    return (recurrence("gru", rows, hidden, hidden) + 2 * product(rows, hidden, source) + product(rows, 2 * hidden, hidden)
            + product(rows, hidden, symbols))


def beam(width, sentences, hidden, steps, symbols):
    """All beams full to the end: at the first step there is one beginning of each."""
    return encoder(hidden, sentences, steps) + decoder(hidden, sentences * (1 + (steps - 1) * width), steps, symbols)


def captioner(pooled, side, first, second, third, hidden, batch, steps, symbols):
    """Pictures need no gradient, so the first convolution has one product less."""
    total, channels = 0, (3, first, second, third)
    for place, (inputs, outputs) in enumerate(zip(channels, channels[1:])):
        seen = side if pooled else side // 2
        total += (BACK_AND_FORTH - (place == 0)) * product(batch * seen * seen, 9 * inputs, outputs)
        side //= 2
    return total + BACK_AND_FORTH * (product(batch, third, 2 * hidden) + recurrence("lstm", batch * steps, hidden, hidden)
                                     + product(batch * steps, hidden, symbols))


RULES = [
    (r"layer-(lstm|gru|rnn)-B#-T#-I#-H#", layer),
    (r"handwritten-(lstm)-cell-B#-T#-I#-H#", layer),
    (r"char-lm-step-H#-B#-T#", lambda H, B, T: BACK_AND_FORTH * characters(B * T, H, 1)),
    (r"char-lm-step-H#x#-B#-T#", lambda H, n, B, T: BACK_AND_FORTH * characters(B * T, H, n)),
    (r"word-lm-step-V#-H#x#-B#-T#", lambda V, H, n, B, T: BACK_AND_FORTH * language_model(B * T, V, H, H, n)),
    (r"step-seq2seq-attention-GRU#-B#-T#-V#", lambda H, B, T, V: BACK_AND_FORTH * (encoder(H, B, T) + decoder(H, B * T, T, V))),
    (r"step-captioner(-pooled|)-#x#-conv#-#-#-LSTM#-B#-T#-V#", lambda pooled, side, _, *sizes: captioner(bool(pooled), side, *sizes)),
    (r"layer-h3-B#-L#-d#-M#-N#", lambda B, L, d, M, N: 4 * BACK_AND_FORTH * product(B * L, d, d)),
    (r"layer-mingru-B#-L#-H#", lambda B, L, H: BACK_AND_FORTH * product(B * L, H, 2 * H)),
    (r"generate-#-chars-H#x#", characters),
    (r"generate-#-texts-#-chars-H#x#", lambda texts, length, H, n: characters(texts * length, H, n)),
    (r"evaluate-#k-chars-H#x#", lambda thousands, H, n: characters(1000 * thousands, H, n)),
    (r"beam-#-#-sentences-GRU#-T#-V#", beam),
]


def of(workload):
    """The operations of one step, or None where nothing is a matrix product."""
    for pattern, count in RULES:
        if found := re.fullmatch(pattern.replace("#", r"(\d+)"), workload):
            return count(*(int(part) if part.isdigit() else part for part in found.groups()))
    return None


def share(workload, ms, rate):
    """The time that the products need at so many GFLOP/s, as a share of the time that was measured; None without products."""
    count = of(workload)
    return None if count is None or not rate else count / (1e6 * rate) / ms
