"""What was measured: kept row by row in RESULTS.json, shown as tables in RESULTS.md and as a chart in RESULTS.png."""
import json
import os
import platform
import re
import subprocess

import growth
import growth_long

OURS = "Unroll"
TORCH = "PyTorch"
TORCH_TUNED = "PyTorch, tuned allocator"
DL4J = "DL4J"
COMPARISON, TWO_AT_ONCE, GROWTH, GROWTH_LONG = "comparison", "two at once", "growth", "growth long"     # kinds of rows
TABLE = "RESULTS.md"
ROWS = "RESULTS.json"
CHART = "RESULTS.png"
BUSY = 0.2                               # cores used by others from which a figure is marked
# The chart's groups, by how the workloads' names begin.
GROUPS = {"layer-lstm": "LSTM layer", "layer-gru": "GRU layer", "layer-rnn": "RNN layer", "handwritten": "LSTM cell written by hand",
          **dict.fromkeys(("layer-s4d", "layer-h3", "layer-mingru", "layer-selective"), "State spaces and scans"),
          "step": "Encoder and decoder", "tiny": "Tiny networks, one string", "crf": "Conditional random field", "": "Language models"}

HEAD = """# Unroll against PyTorch and DL4J on the CPU

Written by `python3 lib/unroll-bench/run.py`, which repeats it. Times are milliseconds a step: the median over the rounds of
each process's median, in brackets the best single step. The sides run in turn, each in a process of its own. PyTorch
runs with its usual allocator and with a tuned one (`MALLOC_MMAP_MAX_=0`, a high `MALLOC_TRIM_THRESHOLD_`); the ratio
takes the better median: **above 1, Unroll is faster**. A layer step is a forward and a backward pass to input, weights and
biases; a model step adds the loss, clipping to norm 5 and Adam. Names give batch B, time steps T or L, inputs I, hidden units H,
vocabulary V, tags K, channels d or D, states N of a channel (a complex mode and its conjugate are two), steps M that a shift
remembers. Where PyTorch has several usual formulations of a layer, the fastest one is timed. "Other work" is how many cores something else kept busy meanwhile; a row with ⚠ was measured on a machine
that was not quiet.
"""
TWO_AT_ONCE_HEAD = """## Two processes at once

`run.py --two-at-once WORKLOAD`: the step of one process alone, then of two at the same time, each with all threads. With as
many threads as cores, twice the time would be perfect sharing; more than 3 times (⚠) would mean that they hinder each other.
"""
GROWTH_HEAD = """## How the cost grows

`run.py --growth`. """
GROWTH_LONG_HEAD = """## Long sequences

`run.py --growth-long`. """


def environment(python, java):
    """The machine and the versions that the figures hold for."""
    torch = "import torch; print(torch.__version__, torch.backends.cpu.get_cpu_capability())"
    return {
        "machine": f"{processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        **({"PyTorch": first_line([python, "-c", torch])} if python else {}),
        "Java": first_line([java, "-version"]) if java else "none",
    }


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as info:
            return re.search(r"model name\s*:\s*(.+)", info.read()).group(1).strip()
    except (OSError, AttributeError):
        return platform.processor() or "unknown processor"


def first_line(command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    return ((done.stdout or done.stderr).strip().splitlines() or ["unknown"])[0].replace('"', "")


def keep(folder, environment, row):
    """Replaces the row of this workload in this environment and writes both files anew."""
    known = read(folder)
    row = {**row, "environment": environment}
    same = [place for place, other in enumerate(known) if key(other) == key(row)]
    if same:
        known[same[0]] = row
    else:
        known.append(row)
    write(folder / ROWS, json.dumps(known, indent=1) + "\n")
    write(folder / TABLE, page(known))


def read(folder):
    path = folder / ROWS
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def key(row):
    return kind(row), row["workload"], row["threads"], row["environment"]


def kind(row):
    return row.get("kind", COMPARISON)


def write(path, text):
    aside = path.with_name(path.name + ".part")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def page(rows):
    """The comparison, then what needs no other side."""
    parts = [HEAD]
    if any(bars(row) for row in rows):
        parts.append(f"![Times of the others over Unroll's, workload by workload]({CHART})\n")
    parts += [f"## {title}\n\n{table(group)}" for title, group in groups(rows, COMPARISON)]
    pairs = [f"{title}\n\n{two_at_once_table(group)}" for title, group in groups(rows, TWO_AT_ONCE)]
    parts += [TWO_AT_ONCE_HEAD, *pairs] if pairs else []
    for wanted, head, shown in ((GROWTH, GROWTH_HEAD, growth.table), (GROWTH_LONG, GROWTH_LONG_HEAD, growth_long.table)):
        for title, group in groups(rows, wanted):
            parts += [f"{head}{title}; measured {group[-1]['date']}, other work {load(group[-1])}{mark(group[-1])}.\n", shown(group[-1])]
    return "\n".join(parts)


def groups(rows, wanted):
    """The rows of one kind for each environment and number of threads, in the order of the first measurement."""
    found = {}
    for row in rows:
        if kind(row) == wanted:
            found.setdefault(json.dumps([row["environment"], row["threads"]]), []).append(row)
    for group in found.values():
        about = "; ".join(f"{name} {value}" if name != "machine" else value for name, value in group[0]["environment"].items())
        yield f"{about}; {group[0]['threads']} threads", group


def table(rows):
    dl4j = [DL4J] if any(DL4J in row["sides"] for row in rows) else []
    names = [OURS, TORCH, TORCH_TUNED, *dl4j]
    head = ["workload", *(f"{name}, ms" for name in names), "PyTorch / Unroll", *(f"{name} / Unroll" for name in dl4j), "rounds", "other work",
            "date"]
    lines = [head, ["---"] + ["---:"] * (len(head) - 2) + ["---"]]
    for row in rows:
        lines.append([f"`{row['workload']}`{mark(row)}", *(figure(row["sides"].get(name)) for name in names), ratio(row),
                      *(ratio(row, [name]) for name in dl4j), str(row["rounds"]), load(row), row["date"]])
    versions = sorted({row["sides"][DL4J].get("version", "") for row in rows if DL4J in row["sides"]})
    note = f"\nDL4J {' and '.join(versions)}, its `LSTM` and `SimpleRnn` in their fastest layout; it has no GRU.\n" if dl4j else ""
    return markdown(lines) + note


def two_at_once_table(rows):
    lines = [["workload", "alone, ms", "first of two, ms", "second of two, ms", "times as long", "rounds", "other work", "date"],
             ["---"] + ["---:"] * 6 + ["---"]]
    for row in rows:
        slower = max(side["median_ms"] for side in row["together"]) / row["alone"]["median_ms"]
        lines.append([f"`{row['workload']}`{mark(row)}", *map(figure, [row["alone"], *row["together"]]),
                      f"**{slower:.2f}**{' ⚠' if slower > 3 else ''}", str(row["rounds"]), load(row), row["date"]])
    return markdown(lines)


def section(row):
    """What is said about a row that needs no other side."""
    if kind(row) == GROWTH_LONG:
        return growth_long.table(row)
    return growth.table(row) if kind(row) == GROWTH else two_at_once_table([row])


def markdown(lines):
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def mark(row):
    return " ⚠" if (row["other_work"] or 0) > BUSY else ""


def load(row):
    return "?" if row["other_work"] is None else f"{row['other_work']:.2f}"


def chart(folder, environment, threads):
    """Lines for unroll.bench.RatioChart, group by group: group, workload, PyTorch's ratio, DL4J's ratio."""
    here = [row for row in read(folder) if kind(row) == COMPARISON and (row["environment"], row["threads"]) == (environment, threads)]
    return [line for start in GROUPS for row in here if group_of(row) == start for line in bars(row)]


def group_of(row):
    return next(start for start in GROUPS if row["workload"].startswith(start))


def bars(row):
    """The line of one row, or none where a side is missing."""
    torch = quotient(row, (TORCH, TORCH_TUNED)) if kind(row) == COMPARISON else None
    if torch is None:
        return []
    dl4j = quotient(row, (DL4J,))
    return ["\t".join([GROUPS[group_of(row)], row["workload"], f"{torch:.4f}", "" if dl4j is None else f"{dl4j:.4f}"])]


def ratio(row, names=(TORCH, TORCH_TUNED)):
    """The better of the others over ours; a dash when either is missing."""
    value = quotient(row, names)
    return "–" if value is None else f"**{value:.2f}**"


def quotient(row, names):
    ours = row["sides"].get(OURS)
    theirs = [row["sides"][name]["median_ms"] for name in names if name in row["sides"]]
    return min(theirs) / ours["median_ms"] if ours and theirs else None


def figure(side):
    return f"{digits(side['median_ms'])} ({digits(side['best_ms'])})" if side else "–"


def digits(value):
    """Three significant digits, never in powers of ten."""
    return f"{value:.0f}" if value >= 99.95 else f"{value:#.3g}"


def line(row):
    """One line for the console."""
    sides = "; ".join(f"{name} {figure(side)}" for name, side in row["sides"].items())
    return f"{row['workload']}: {sides or 'nothing measured'}; ratio {ratio(row).strip('*')}; other work {row['other_work']} cores"
