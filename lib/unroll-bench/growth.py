"""How time and memory of a training step grow with the sizes, beside the lecture's cost O(Tmd + Tkm + Tm²)."""
import math

NAME, OPTION, HEADING = "rnn-with-output", "--growth", "How the cost grows"
HELP = "how time and memory of our side grow with the sizes"
LETTERS = {"T": "time steps T", "B": "sequences B", "I": "inputs d", "H": "hidden units m", "K": "outputs k"}
BASE = {"B": 16, "T": 32, "I": 64, "H": 64, "K": 64}
FACTORS = (1, 2, 4, 8)

HEAD = """The training step of a plain recurrent network with an output at every step (`rnn-with-output-…`: forward pass, mean
cross-entropy, backward pass; no optimizer), with one size at a time made 2, 4 and 8 times as large as in B={B}, T={T}, d={I},
m={H}, k={K}. The exponent is the slope of log time over log size by least squares. The expected one is the slope of the
lecture's T·m·d + T·k·m + T·m² per sequence through the same points: as d, m and k begin at one size, doubling d alone does not
double the sum.
"""
MEMORY_HEAD = """What such a step needs: allocated on the heap in all; kept on the heap from the forward for the backward pass; outside
the heap, where the matrix products have their copies. Per time step: the slope over T, of kept and outside together.
"""


def points(letter):
    """The sizes to measure along one axis."""
    return [{**BASE, letter: factor * BASE[letter]} for factor in FACTORS]


def workload(sizes):
    return "rnn-with-output-" + "-".join(f"{letter}{size}" for letter, size in sizes.items())


def cost(sizes):
    """The lecture's operations of all sequences."""
    d, m, k = sizes["I"], sizes["H"], sizes["K"]
    return sizes["B"] * sizes["T"] * (m * d + k * m + m * m)


def slope(xs, ys):
    """By least squares."""
    x_mean, y_mean = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys)) / sum((x - x_mean) ** 2 for x in xs)


def exponent(xs, ys):
    """e of y ~ x^e."""
    return slope([math.log(x) for x in xs], [math.log(y) for y in ys])


def measure(measuring):
    """Each point once."""
    times, known = {}, {}
    for letter in LETTERS:
        times[letter] = []
        for sizes in points(letter):
            name = workload(sizes)
            if name not in known:
                known[name] = measuring.median(name)
            times[letter].append([sizes[letter], known[name]])
    # the serial collector is the one that counts single bytes
    memory = [measuring.answer("unroll.bench.Memory", *(sizes[letter] for letter in "BTIHK"), options=["-XX:+UseSerialGC"])
              for sizes in points("T")]
    return {"base": BASE, "ms": times, "bytes": [{"T": sizes["T"], **found} for sizes, found in zip(points("T"), memory)]}


def table(row):
    """The two tables of one measurement."""
    base = row["base"]
    lines = ["| size | from | to | ms | exponent expected | exponent measured |", "| --- | ---: | ---: | --- | ---: | ---: |"]
    for letter, pairs in row["ms"].items():
        sizes, times = zip(*pairs)
        expected = exponent(sizes, [cost({**base, letter: size}) for size in sizes])
        lines.append(f"| {LETTERS[letter]} | {sizes[0]} | {sizes[-1]} | {', '.join(f'{ms:.3g}' for ms in times)} | {expected:.2f} "
                     f"| **{exponent(sizes, times):.2f}** |")
    steps = [point["T"] for point in row["bytes"]]
    both = [point["kept"] + point["off_heap"] for point in row["bytes"]]
    memory_lines = ["| T | allocated, kB | kept, kB | outside the heap, kB |", "| ---: | ---: | ---: | ---: |"]
    memory_lines += ["| " + " | ".join([str(point["T"]), *(f"{point[name] / 1000:,.0f}" for name in ("allocated", "kept", "off_heap"))]) + " |"
                     for point in row["bytes"]]
    result = (f"Per time step: {slope(steps, both) / 1000:.1f} kB, {slope(steps, both) / base['B'] / 1000:.2f} kB a sequence; the memory grows "
              f"with T to the power of {exponent(steps, both):.2f} (expected 1).")
    return "\n".join([HEAD.format(**base), *lines, "", MEMORY_HEAD, *memory_lines, "", result, ""])
