"""What was measured: kept row by row in RESULTS.json, shown as tables in RESULTS.md and as a chart in RESULTS.png."""
import json
import os
import platform
import re
import subprocess

import endurance
import flops
import growth
import growth_long
import scaling
import spread

OURS = "Unroll"
TORCH = "PyTorch"
TORCH_TUNED = "PyTorch, tuned allocator"
DL4J = "DL4J"
COMPARISON, TWO_AT_ONCE = "comparison", "two at once"      # kinds of rows; the others are keys of ALONE
TABLE = "RESULTS.md"
ROWS = "RESULTS.json"
CHART = "RESULTS.png"
BUSY = 0.2                               # cores used by others from which a figure is marked
MOST_TIMES = 2.2                         # that two processes at once take
# The chart's groups, by how the workloads' names begin.
GROUPS = {"layer-lstm": "LSTM layer", "layer-gru": "GRU layer", "layer-rnn": "RNN layer", "handwritten": "LSTM cell written by hand",
          **dict.fromkeys(("layer-s4d", "layer-h3", "layer-mingru", "layer-selective"), "State spaces and scans"),
          "step": "Encoder and decoder", "tiny": "Tiny networks, one string", "crf": "Conditional random field",
          **dict.fromkeys(("generate", "beam", "evaluate", "cold", "ngram"), "What users wait for"), "": "Language models"}

HEAD = """# Unroll against PyTorch and DL4J on the CPU

Written by `python3 lib/unroll-bench/run.py`, which repeats it. Times are milliseconds a step: the median, in brackets the quartiles of
the steps; each is the median over the rounds of what each process found. The sides run in turn, each in a process of its own, ours in a
JVM as it comes. PyTorch runs with its usual allocator and with a tuned one (`MALLOC_MMAP_MAX_=0`, a high `MALLOC_TRIM_THRESHOLD_`); the
one with the better median counts. A ratio is the median of the rounds' ratios, **above 1 Unroll is faster**; in brackets its interval,
from the smallest to the largest of them, from 8 rounds on without the outermost. As each round's ratio lies above the true one as
likely as below, the interval holds it with a probability of 94 % with 5 rounds, 75 % with 3. Where it holds 1, the sides are level.

"Of the limit" is the time that the matrix products of a step need at the best rate that oneDNN's products reach on this machine with
as many threads, measured beside the row, over the time that was measured. "Other work" is how many cores something else kept busy
meanwhile; a row with ⚠ was measured on a machine that was not quiet.

A layer step is a forward and a backward pass to input, weights and biases; a model step adds the loss, clipping to norm 5 and Adam.
`generate`, `beam` (a search of so many beams for so many sentences), `evaluate` and `crf-decode` (Viterbi) compute no gradients.
`cold-start` is the time from the start of a process, a JVM or a Python that imports torch, to the end of its first training step, with
its files in the system's cache. `ngram-count` counts all n-grams up to an order; its peer is plain Python, `collections.Counter`, in
PyTorch's columns. Names give batch B, time steps T or L, inputs I, hidden units H, vocabulary V, tags K, channels d or D, states N of a
channel (a complex mode and its conjugate are two), steps M that a shift remembers. Where PyTorch has several usual formulations, the
fastest one is timed.
"""
OURS_HEAD = "Our side alone, in a JVM as it comes: the median over the best step, and what a step allocates on the heap, all threads together."
TWO_AT_ONCE_HEAD = f"""## Two processes at once

`run.py --two-at-once WORKLOAD`: the step of one process alone, then of two at the same time, each with all threads. With as
many threads as cores, twice the time would be perfect sharing; more than {MOST_TIMES} times (⚠) means that they hinder each other.
"""
# What needs no other side, by the kind of row: modules with the same names in them.
ALONE = {"growth": growth, "growth long": growth_long, "scaling": scaling, "endurance": endurance}


def environment(python, java):
    """The machine and the versions that the figures hold for."""
    torch = "import torch; print(torch.__version__, torch.backends.cpu.get_cpu_capability())"
    return {
        "machine": f"{processor()}, {cores()} cores, {platform.system()} {platform.machine()}",
        **({"PyTorch": first_line([python, "-c", torch])} if python else {}),
        "Java": first_line([java, "-version"]) if java else "none",
    }


def cores():
    return os.cpu_count() or 1


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
    parts += [f"## {title}\n\n{table(group)}\n{our_table(group)}" for title, group in groups(rows, COMPARISON)]
    pairs = [f"{title}\n\n{two_at_once_table(group)}" for title, group in groups(rows, TWO_AT_ONCE)]
    parts += [TWO_AT_ONCE_HEAD, *pairs] if pairs else []
    for wanted, module in ALONE.items():
        for title, group in groups(rows, wanted):
            last = group[-1]
            parts += [f"## {module.HEADING}\n\n`run.py {module.OPTION}`. {title}; measured {last['date']}, other work {load(last)}{mark(last)}.\n",
                      module.table(last)]
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
    head = ["workload", *(f"{name}, ms" for name in names), "PyTorch / Unroll", *(f"{name} / Unroll" for name in dl4j),
            "of the limit: Unroll, PyTorch", "rounds", "other work", "date"]
    lines = [head, ["---"] + ["---:"] * (len(head) - 2) + ["---"]]
    for row in rows:
        lines.append([f"`{row['workload']}`{mark(row)}", *(figure(row["sides"].get(name)) for name in names), ratio(row),
                      *(ratio(row, [name]) for name in dl4j), limits(row), str(row["rounds"]), load(row), row["date"]])
    versions = sorted({row["sides"][DL4J].get("version", "") for row in rows if DL4J in row["sides"]})
    notes = [f"DL4J {' and '.join(versions)}, its `LSTM` and `SimpleRnn` in their fastest layout; it has no GRU."] if dl4j else []
    rates = [row["limit_gflops"] for row in rows if row.get("limit_gflops")]
    notes += [f"The limit: {min(rates):.0f} to {max(rates):.0f} GFLOP/s, row by row."] if rates else []
    return markdown(lines) + "".join(f"\n{note}\n" for note in notes)


def our_table(rows):
    """What a step allocates, and how even its times are; empty where that was not measured."""
    lines = [["workload", "median / best", "allocated a step, MB"], ["---", "---:", "---:"]]
    for row in rows:
        ours = row["sides"].get(OURS)
        if ours and "quartiles_ms" in ours:
            lines.append([f"`{row['workload']}`", f"{ours['median_ms'] / ours['best_ms']:.2f}", allocated(ours)])
    return "" if len(lines) == 2 else f"{OURS_HEAD}\n{markdown(lines)}"


def allocated(side):
    return digits(side["allocated_mb"]) if "allocated_mb" in side else "–"


def limits(row):
    """Ours and that of the better PyTorch."""
    shares = [flops.share(row["workload"], side["median_ms"], row.get("limit_gflops")) if side else None
              for side in (row["sides"].get(OURS), better(row, (TORCH, TORCH_TUNED)))]
    return "–" if shares == [None, None] else ", ".join("–" if share is None else f"{100 * share:.0f} %" for share in shares)


def two_at_once_table(rows):
    lines = [["workload", "alone, ms", "first of two, ms", "second of two, ms", "times as long", "rounds", "other work", "date"],
             ["---"] + ["---:"] * 6 + ["---"]]
    for row in rows:
        slower = max(side["median_ms"] for side in row["together"]) / row["alone"]["median_ms"]
        lines.append([f"`{row['workload']}`{mark(row)}", *map(figure, [row["alone"], *row["together"]]),
                      f"**{slower:.2f}**{' ⚠' if slower > MOST_TIMES else ''}", str(row["rounds"]), load(row), row["date"]])
    return markdown(lines)


def section(row):
    """What is said about a row that needs no other side."""
    return two_at_once_table([row]) if kind(row) == TWO_AT_ONCE else ALONE[kind(row)].table(row)


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
    return ["\t".join([GROUPS[group_of(row)], row["workload"], f"{torch[0]:.4f}", "" if dl4j is None else f"{dl4j[0]:.4f}"])]


def ratio(row, names=(TORCH, TORCH_TUNED)):
    """The better of the others over ours; a dash when either is missing."""
    found = quotient(row, names)
    return "–" if found is None else shown(found)


def shown(found):
    """A quotient and its interval."""
    value, between = found
    if between is None:
        return f"**{value:.2f}**"
    return f"{f'level, {value:.2f}' if spread.is_level(between) else f'**{value:.2f}**'} ({between[0]:.2f}–{between[1]:.2f})"


def quotient(row, names):
    ours, theirs = row["sides"].get(OURS), better(row, names)
    return spread.quotient(theirs, ours) if ours and theirs else None


def better(row, names):
    return min((row["sides"][name] for name in names if name in row["sides"]), key=lambda side: side["median_ms"], default=None)


def figure(side):
    """The median and the quartiles."""
    if not side:
        return "–"
    return digits(side["median_ms"]) + (f" ({'–'.join(digits(ms) for ms in side['quartiles_ms'])})" if "quartiles_ms" in side else "")


def digits(value):
    """Three significant digits, never in powers of ten."""
    return f"{value:.0f}" if value >= 99.95 else f"{value:#.3g}"


def line(row):
    """One line for the console."""
    sides = "; ".join(f"{name} {figure(side)}" for name, side in row["sides"].items())
    return (f"{row['workload']}: {sides or 'nothing measured'}; ratio {ratio(row).replace('*', '')}; of the limit {limits(row)}; "
            f"other work {row['other_work']} cores")
