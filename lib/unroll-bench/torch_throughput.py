"""PyTorch's side of what users wait for: texts, translations, an evaluation; and plain Python's of counting. No gradients."""
import string
from collections import Counter

import torch
from torch import nn

import torch_encoder_decoder
from torch_long_sequences import best_of

BEGIN, END = 0, 1                        # the symbols around a sentence
WORDS = 2000


def quickest(*forms, calls=2):
    """The form that is fastest in a short trial."""
    return min(forms, key=lambda form: best_of(form, calls))


def generate(vocabulary, embedding, hidden, layers, texts, length):
    """Draws characters from the model's own distribution, keeping the state; several texts side by side."""
    table, output = nn.Embedding(vocabulary, embedding), nn.Linear(hidden, vocabulary)
    cells = [nn.LSTMCell(hidden if layer else embedding, hidden) for layer in range(layers)]
    fused = nn.LSTM(embedding, hidden, layers)

    def by_cells():
        states = [(torch.zeros(texts, hidden), torch.zeros(texts, hidden)) for _ in cells]

        def advance(below):
            for layer, cell in enumerate(cells):
                states[layer] = cell(below, states[layer])
                below = states[layer][0]
            return below
        return advance

    def by_layers():
        state = None

        def advance(below):
            nonlocal state
            above, state = fused(below.unsqueeze(0), state)
            return above[0]
        return advance

    def form(start):
        @torch.inference_mode()
        def step():
            symbols, written, advance = torch.zeros(texts, dtype=torch.long), [], start()
            for _ in range(length):
                symbols = torch.multinomial(output(advance(table(symbols))).softmax(-1), 1)[:, 0]
                written.append(symbols)
            return torch.stack(written, 1).tolist()
        return step
    return quickest(form(by_cells), form(by_layers))


def beam(width, sentences, hidden, steps, symbols):
    """All beginnings of all sentences as one batch; those that have ended stay in the beam with their probability."""
    model = torch_encoder_decoder.Translation(hidden, symbols).eval()
    sources = torch.randint(symbols, (steps, sentences))
    cell = nn.GRUCell(hidden, hidden)
    for own, name in zip(cell.parameters(), ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")):
        own.data = getattr(model.decoder, name).data
    stay = torch.full((symbols,), -torch.inf).index_fill(0, torch.tensor(END), 0)

    def search(advance):
        @torch.inference_mode()
        def step():
            states, last = model.encoder(model.source(sources))
            keys, values = model.score(states).permute(1, 2, 0), states.transpose(0, 1)
            h, total = model.first(last[0]).tanh(), torch.zeros(sentences, 1)
            now, chosen = torch.full((sentences, 1), BEGIN), []
            for _ in range(steps):
                h = advance(model.target(now.flatten()), h)
                queries = h.view(sentences, -1, hidden)
                context = torch.bmm(torch.bmm(queries, keys).softmax(-1), values)
                found = model.combine(torch.cat((context, queries), -1)).tanh()
                scores = model.output(found).log_softmax(-1)
                ended = now == END
                if ended.any():
                    scores[ended] = stay
                total, best = (total.unsqueeze(-1) + scores).flatten(1).topk(width)
                rows, now = best // symbols, best % symbols
                h = queries.gather(1, rows.unsqueeze(-1).expand(-1, -1, hidden)).flatten(0, 1)
                chosen.append((rows, now))
            return backwards(chosen)
        return step
    return quickest(search(lambda x, h: cell(x, h)), search(lambda x, h: model.decoder(x.unsqueeze(0), h.unsqueeze(0))[0][0]))


def backwards(chosen):
    """The symbols of each beam, from each step's parents and symbols."""
    beams, written = torch.arange(chosen[-1][0].size(1)).expand_as(chosen[-1][0]), []
    for rows, symbols in reversed(chosen):
        written.append(symbols.gather(1, beams))
        beams = rows.gather(1, beams)
    return torch.stack(written[::-1], -1).tolist()


def evaluate(vocabulary, embedding, hidden, layers, characters, rows=64):
    """Cross-entropy of a text in rows side by side, in pieces with the state passed on or all of it at once."""
    table, lstm, output = nn.Embedding(vocabulary, embedding), nn.LSTM(embedding, hidden, layers), nn.Linear(hidden, vocabulary)
    length = (characters - 1) // rows
    text = torch.randint(vocabulary, (rows, length + 1)).T.contiguous()

    def form(steps):
        @torch.inference_mode()
        def step():
            state, total = None, 0.0
            for inputs, targets in zip(text[:-1].split(steps), text[1:].split(steps)):
                states, state = lstm(table(inputs), state)
                total += nn.functional.cross_entropy(output(states).flatten(0, 1), targets.flatten(), reduction="sum").item()
            return total / (rows * length)
        return step
    return quickest(form(100), form(length))


def count(order, length):
    """How often each n-gram of each order up to this one occurs."""
    text = words(length)

    def by_slices():
        return [Counter(text[i:i + n] for i in range(length - n + 1)) for n in range(1, order + 1)]

    def by_zip():
        return [Counter(zip(*(text[i:] for i in range(n)))) for n in range(1, order + 1)]

    return quickest(by_slices, by_zip, calls=1)


def words(length):
    """Words of 2 to 9 letters with spaces between them, few often and many rarely, as unroll.bench.Throughput makes them too."""
    x = 42

    def draw():
        nonlocal x
        x = (x * 1103515245 + 12345) & 0x7fffffff
        return x / 2 ** 31

    known = ["".join(string.ascii_lowercase[int(26 * draw())] for _ in range(2 + int(8 * draw()))) + " " for _ in range(WORDS)]
    text, size = [], 0
    while size < length:
        u = draw()
        text.append(known[int(WORDS * (u * u * u))])
        size += len(text[-1])
    return "".join(text)[:length]
