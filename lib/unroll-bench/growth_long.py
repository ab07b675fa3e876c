"""How the time of the layers that are linear in their state grows with the length of the sequence."""
import growth

NAME, OPTION, HEADING = "long-sequences", "--growth-long", "Long sequences"
HELP = "how the time of our side grows with the length of long sequences"
LENGTHS = (1024, 2048, 4096, 8192, 16384)
LAYERS = {"layer-s4d-B4-H64-N64-L{}": "S4D, by fast Fourier transforms", "layer-mingru-B4-L{}-H64": "minGRU, a scan",
          "layer-selective-scan-B4-L{}-D64-N16": "selective scan"}
EXPECTED = 1.15
STEPS, PIECE, HEAP = 1_000_000, 8192, "48m"         # of the long run, whose inputs alone take 64 MB

HEAD = f"""Forward and backward pass over L = {LENGTHS[0]} to {LENGTHS[-1]} steps. A scan is expected to grow with L to the power of 1,
the transforms with L log L, which over these lengths is a power of 1.12; more than {EXPECTED} is marked with ⚠.
"""


def measure(measuring):
    """For each layer pairs of length and time; and the long run."""
    times = {layer: [[length, measuring.median(layer.format(length))] for length in LENGTHS] for layer in LAYERS}
    return {"ms": times, "long_run": measuring.answer("unroll.bench.LongRun", STEPS, PIECE, options=[f"-Xmx{HEAP}"])}


def table(row):
    lines = ["| layer | workload | ms | exponent |", "| --- | --- | --- | ---: |"]
    for layer, pairs in row["ms"].items():
        found = growth.exponent(*zip(*pairs))
        lines.append(f"| {LAYERS[layer]} | `{layer.format('…')}` | {', '.join(f'{ms:.3g}' for _, ms in pairs)} | **{found:.2f}**"
                     f"{' ⚠' if found > EXPECTED else ''} |")
    run = row["long_run"]
    about = (f"{run['steps']:,} steps through an S4D layer of 16 channels, N 64, with a heap of {run['heap'] / (1 << 20):.0f} MiB, which could not "
             f"hold their\ninputs: {run['step_by_step']:.1f} s step by step, {run['in_pieces']:.1f} s in pieces of {run['piece']:,} steps with the "
             f"state passed on; the outputs differ by at most\n{run['difference']:.0e} of the largest.")
    return "\n".join([HEAD, *lines, "", about, ""])
