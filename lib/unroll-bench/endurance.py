"""Whether memory stays as it is over many training steps, and comes back from layers that were dropped."""

NAME, OPTION, HEADING = "memory", "--endurance", "Many steps, many layers"
HELP = "the memory of our side over many steps and many layers"
WORKLOAD, STEPS, LAYERS = "char-lm-step-H32-B8-T16", 10_000, 5_000
MOST_GROWTH = 1.1                        # from the second point to the last one, and of what is left of the layers

HEAD = """Memory on the heap after a collection, outside the heap as JavaCPP counts it, and what of the process lies in memory, MB. After
the first points, which warm up, more than {percent:.0f} % of growth is marked with ⚠.
"""


def measure(measuring):
    return measuring.answer("unroll.bench.Endurance", WORKLOAD, STEPS, LAYERS)


def grows(points, name):
    """Whether the last point is above the largest of the first third by too much."""
    start = max(point[name] for point in points[:max(1, len(points) // 3)])
    return points[-1][name] > MOST_GROWTH * start


def table(row):
    points, (before, most, half, after) = row["steps"], row["layers"]
    names = ("heap", "native", "resident")
    lines = [f"| steps of `{WORKLOAD}` | heap | outside the heap | process |", "| ---: | ---: | ---: | ---: |"]
    lines += [f"| {point['after']:,} | " + " | ".join(f"{point[name] / 1e6:.2f}" for name in names) + " |" for point in points]
    marks = [" ⚠" if grows(points, name) else "" for name in names]
    last = [f"{ratio(points[-1][name], points[0][name])}{mark}" for name, mark in zip(names, marks)]
    lines += ["| last over the first | " + " | ".join(last) + " |"]
    left = " ⚠" if after["native"] > max(MOST_GROWTH * before["native"], 1e6) else ""
    more = " ⚠" if after["resident"] > MOST_GROWTH * half["resident"] else ""
    layers = (f"{row['count']:,} LSTM layers made, used once forward and backward and dropped: outside the heap {before['native'] / 1e6:.2f} MB "
              f"before,\nat most {most['most'] / 1e6:.0f} MB on the way, {after['native'] / 1e6:.2f} MB{left} after a collection; the process "
              f"{before['resident'] / 1e6:.0f} MB before,\n{half['resident'] / 1e6:.0f} MB after half of them, {after['resident'] / 1e6:.0f} MB{more} "
              "at the end: what was given back stays with the process for the next layers.")
    return "\n".join([HEAD.format(percent=100 * (MOST_GROWTH - 1)), *lines, "", layers, ""])


def ratio(last, first):
    return f"{last / first:.2f}" if first else "–"
