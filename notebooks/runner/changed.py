"""Other settings, other numbers: what a notebook's prose still says of the default run when a reader has changed its settings cell."""
import copy
import re
import tempfile
from pathlib import Path

from . import execute, notebook

TEXT = {"UNROLL_CORPUS": "built-in"}
SEED = re.compile(r"(\bseed\s*=\s*)(\d+)", re.IGNORECASE)
SIZE = re.compile(r"(\b(?:hidden|units|H)\s*=\s*)(\d+)")
NUMBER = re.compile(r"(?<![\w.,])(?:\d+\.\d+|\d{1,3}(?:,\d{3})+|\d{3,})(?![\w])")
YEAR = re.compile(r"(?:19|20)\d\d")


def with_other_settings(nb):
    """A copy whose settings cell has other seeds and three quarters of the hidden size; None where it has neither."""
    other, count = copy.deepcopy(nb), 0
    for cell in notebook.code_cells(other):
        if "settings" in cell["metadata"].get("tags", []):
            cell["source"], seeds = SEED.subn(lambda found: found[1] + str(int(found[2]) + 1), cell["source"])
            cell["source"], sizes = SIZE.subn(lambda found: found[1] + str(max(2, int(found[2]) * 3 // 4 // 2 * 2)), cell["source"])
            count += seeds + sizes
    return other if count else None


def numbers(text):
    return {number for number in NUMBER.findall(text) if not YEAR.fullmatch(number)}


def shown(nb):
    """All numbers in outputs and code."""
    texts = [cell["source"] for cell in notebook.code_cells(nb)]
    texts += [text for cell in notebook.code_cells(nb) for output in cell.get("outputs", []) for text in notebook.output_texts(output)]
    return set().union(*map(numbers, texts)) if texts else set()


def stale(default, other):
    """Numbers of the prose that the default run shows and the other one does not, with their cells, as (cell, number)."""
    gone = shown(default) - shown(other)
    for index, cell in enumerate(default["cells"]):
        if cell["cell_type"] == "markdown":
            prose = re.sub(r"\$\$.*?\$\$|\$[^$]*\$|^#+ References.*", "", cell["source"], flags=re.DOTALL | re.MULTILINE)
            yield from ((index, number) for number in sorted(numbers(prose) & gone))


def run(paths, kernel, timeout, jobs, say):
    """Runs each notebook with other settings, seeds and text; says what fails and what is stale, and gives how much that is."""
    findings = []

    def done(path, execution):
        default = notebook.read(originals[path])
        if not isinstance(execution, execute.Execution):
            found = [str(execution)]
        elif execution.failure:
            found = [f"fails: {execution.failure.headline()}"]
        else:
            found = [f"cell {cell} keeps {number} of the default run" for cell, number in stale(default, execution.notebook)]
        findings.extend(found)
        say(f"  {path.stem}  " + ("; ".join(found) if found else "holds"))

    with tempfile.TemporaryDirectory() as folder:
        originals = {}
        for path in paths:
            other = with_other_settings(notebook.read(path))
            if other is None:
                findings.append(path.stem)
                say(f"  {path.stem}  has no seed or hidden size in a settings cell")
                continue
            copied = Path(folder, path.name)
            copied.write_text(notebook.dumps(other), encoding="utf-8")
            originals[copied] = path
        execute.execute(list(originals), kernel, timeout, jobs, lambda *_: None, done)
    return len(findings)
