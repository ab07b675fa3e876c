"""What was measured: kept row by row in RESULTS.json, shown as tables in RESULTS.md."""
import json
import os
import platform
import re
import subprocess

OURS = "Unroll"
TORCH = "PyTorch"
TORCH_TUNED = "PyTorch, tuned allocator"
TABLE = "RESULTS.md"
ROWS = "RESULTS.json"
BUSY = 0.2                               # cores used by others from which a figure is marked

HEAD = """# Unroll against PyTorch on the CPU

Written by `python3 lib/unroll-bench/run.py`, which repeats it. Times are milliseconds a step: the median over the rounds of
each process's median, in brackets the best single step. The sides run in turn, each in a process of its own. PyTorch
runs with its usual allocator and with a tuned one (`MALLOC_MMAP_MAX_=0`, a high `MALLOC_TRIM_THRESHOLD_`); the ratio
takes the better median: **above 1, Unroll is faster**. A layer step is a forward and a backward pass to input, weights and
biases; a model step adds the loss, clipping to norm 5 and Adam. Names give batch B, time steps T, inputs I, hidden units H,
vocabulary V. "Other work" is how many cores something else kept busy meanwhile; a row with ⚠ was measured on a machine
that was not quiet.
"""


def environment(python, java):
    """The machine and the versions that the figures hold for."""
    return {
        "machine": f"{processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "PyTorch": first_line([python, "-c", "import torch; print(torch.__version__, torch.backends.cpu.get_cpu_capability())"]),
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
    path = folder / ROWS
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    row = {**row, "environment": environment}
    same = [place for place, other in enumerate(known) if key(other) == key(row)]
    if same:
        known[same[0]] = row
    else:
        known.append(row)
    write(path, json.dumps(known, indent=1) + "\n")
    write(folder / TABLE, page(known))


def key(row):
    return row["workload"], row["threads"], row["environment"]


def write(path, text):
    aside = path.with_name(path.name + ".part")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def page(rows):
    """One table for each environment and number of threads, in the order of the first measurement."""
    groups = {}
    for row in rows:
        groups.setdefault(json.dumps([row["environment"], row["threads"]]), []).append(row)
    parts = [HEAD]
    for group in groups.values():
        about = "; ".join(f"{name} {value}" if name != "machine" else value for name, value in group[0]["environment"].items())
        parts.append(f"## {about}; {group[0]['threads']} threads\n\n{table(group)}")
    return "\n".join(parts)


def table(rows):
    names = [OURS, TORCH, TORCH_TUNED]
    head = ["workload", *(f"{name}, ms" for name in names), "PyTorch / Unroll", "rounds", "other work", "date"]
    lines = [head, ["---"] + ["---:"] * (len(head) - 2) + ["---"]]
    for row in rows:
        mark = " ⚠" if (row["other_work"] or 0) > BUSY else ""
        lines.append([f"`{row['workload']}`{mark}", *(figure(row["sides"].get(name)) for name in names), ratio(row),
                      str(row["rounds"]), "?" if row["other_work"] is None else f"{row['other_work']:.2f}", row["date"]])
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def ratio(row):
    """The better PyTorch over ours; a dash when either is missing."""
    ours = row["sides"].get(OURS)
    theirs = [row["sides"][name]["median_ms"] for name in (TORCH, TORCH_TUNED) if name in row["sides"]]
    return f"**{min(theirs) / ours['median_ms']:.2f}**" if ours and theirs else "–"


def figure(side):
    return f"{digits(side['median_ms'])} ({digits(side['best_ms'])})" if side else "–"


def digits(value):
    """Three significant digits, never in powers of ten."""
    return f"{value:.0f}" if value >= 99.95 else f"{value:#.3g}"


def line(row):
    """One line for the console."""
    sides = "; ".join(f"{name} {figure(side)}" for name, side in row["sides"].items())
    return f"{row['workload']}: {sides or 'nothing measured'}; ratio {ratio(row).strip('*')}; other work {row['other_work']} cores"
