"""How a step's time falls with more threads: measured where there are cores, projected beyond; and with more threads than cores."""

NAME, OPTION, HEADING = "threads", "--scaling", "More threads"
HELP = "our side with more and more threads, and what more cores would give"
WORKLOADS = ("layer-lstm-B32-T64-I128-H128", "layer-lstm-B32-T64-I256-H256", "layer-lstm-B64-T64-I512-H512", "char-lm-step-H256x2-B64-T100",
             "word-lm-step-V10000-H200x2-B20-T35", "layer-s4d-B8-H128-N64-L1024", "layer-mingru-B8-L1024-H128",
             "step-captioner-64x64-conv32-64-64-LSTM256-B32-T12-V500", "generate-200-chars-H256x2")
PROJECTED = (2, 4, 8, 16)
MOST_SLOWER = 1.15                       # with two and four times as many threads as cores

HEAD = """How many times as fast as on one thread. **Measured** with {measured} on {cores} cores. **Projected**: on one thread all parts of
each parallel region run one after the other, cut as for so many threads; from the whole time is taken what the parts take beyond
those of the thread that is busy longest. It is what the shape of the work allows; it knows nothing of waking threads, of memory that
all cores share and of clocks that fall, so the projection for 2 stands beside the measurement. The serial share is that of the
projection for {most} by Amdahl's law: what would be left on endlessly many cores.
"""
OVER_HEAD = """More threads than cores: the time over that with {cores} threads; more than {limit} is marked with ⚠.
"""


def counts(cores):
    """Threads up to the number of cores, doubling; then two and four times as many as there are."""
    within = sorted({cores} | {2 ** i for i in range(cores.bit_length()) if 2 ** i <= cores})
    return within, [2 * cores, 4 * cores]


def measure(measuring):
    """For each workload the times with so many threads, and what share of the time on one thread is projected for others."""
    within, over = counts(measuring.cores)
    return {"cores": measuring.cores, "rows": {
        workload: {"ms": {str(threads): measuring.median(workload, threads) for threads in within + over},
                   "left": measuring.answer("unroll.bench.Scaling", workload, measuring.seconds, *PROJECTED)} for workload in WORKLOADS}}


def serial(left, threads):
    """s of left = s + (1 - s) / threads."""
    return max(0.0, (left - 1 / threads) / (1 - 1 / threads))


def table(row):
    cores, most = row["cores"], PROJECTED[-1]
    within, over = counts(cores)
    lines = [["workload", "1 thread, ms", *(f"{n} threads, measured" for n in within[1:]), *(f"{n}, projected" for n in PROJECTED),
              "serial share"]]
    beyond = [["workload", f"{cores} threads, ms", *(f"{n} threads" for n in over)]]
    for workload, found in row["rows"].items():
        ms, left = found["ms"], found["left"]
        lines.append([f"`{workload}`", f"{ms['1']:.3g}", *(f"**{ms['1'] / ms[str(n)]:.2f}**" for n in within[1:]),
                      *(f"*{1 / left[str(n)]:.2f}*" for n in PROJECTED), f"{100 * serial(left[str(most)], most):.1f} %"])
        slower = [ms[str(n)] / ms[str(cores)] for n in over]
        beyond.append([f"`{workload}`", f"{ms[str(cores)]:.3g}", *(f"{value:.2f}{' ⚠' if value > MOST_SLOWER else ''}" for value in slower)])
    words = " and ".join(str(n) for n in within)
    return "\n".join([HEAD.format(measured=words + " threads", cores=cores, most=most), markdown(lines),
                      OVER_HEAD.format(cores=cores, limit=MOST_SLOWER), markdown(beyond)])


def markdown(lines):
    ruled = [lines[0], ["---"] + ["---:"] * (len(lines[0]) - 1), *lines[1:]]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in ruled)
