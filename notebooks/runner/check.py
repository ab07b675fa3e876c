"""The form that every committed notebook keeps; `run.py --check` lists all that departs from it."""
import re
from pathlib import Path

from .notebook import alternative_text, code_cells, output_texts, source_hash
from .paths import ROOT

FIRST_CELL = "%classpath ../lib/kit/*.jar"
LONGEST_CELL, WIDEST = 15, 110
TITLE = re.compile(r'Charts\s*\.\s*\w+\(\s*"((?:[^"\\]|\\.)*)"')
TEX = re.compile(r"\$|\\\\|[_^]\{")
# What a chapter holds besides the loop: cells with these tags.
CHAPTERS = {**{number: ("settings",) for number in ("01", "02", "04")},
            **{number: ("settings", "equation") for number in ("03", "05", "15")},
            **{number: ("settings", "equation", "own") for number in ("06", "07", "08", "10", "11")}}
MACHINE_PATH = re.compile(r"(?<![\w.\-])/(?:home|root|tmp|Users|var/folders|private/var)/[^\s\"'<>),;]*"
                          r"|\b[A-Za-z]:[\\/]+Users[\\/]+[^\s\"'<>),;]*")


def findings(nb, root=ROOT):
    """Every departure from the form, as a list of (cell, text); the cell is its number among the code cells, or None."""
    found = []
    cells = code_cells(nb)
    outputs = [(number, output) for number, cell in enumerate(cells, 1) for output in cell.get("outputs", [])]

    if nb.get("nbformat_minor", 0) < 5 or not all(cell.get("id") for cell in nb["cells"]):
        found.append((None, "not of format 4.5 with an id for every cell"))
    if nb.get("metadata", {}).get("kernelspec", {}).get("name") != "java":
        found.append((None, 'its kernelspec is not called "java"'))
    if not cells or cells[0]["source"] != FIRST_CELL:
        found.append((1, f"the first code cell is not exactly {FIRST_CELL}"))
    for number, cell in enumerate(cells, 1):
        lines = sum(1 for line in cell["source"].splitlines() if line.strip())
        if lines > LONGEST_CELL:
            found.append((number, f"{lines} lines; at most {LONGEST_CELL} make one idea"))
        widest = max(map(len, cell["source"].splitlines()), default=0)
        if widest > WIDEST:
            found.append((number, f"a line of {widest} columns; the report shows {WIDEST}"))
        found += [(number, f"TeX in the title of a chart: {title}") for title in TITLE.findall(cell["source"]) if TEX.search(title)]
    if not any(re.search(r"\bcheck\s*\(", cell["source"]) for cell in cells):
        found.append((None, "asserts nothing: no check(…) in any cell"))
    found += unfinished(nb)
    found += chapter(nb)

    if not outputs:
        return found + [(None, "has no outputs")]
    recorded = nb.get("metadata", {}).get("unroll", {}).get("source_sha256")
    if recorded != source_hash(nb):
        found.append((None, "its outputs were not made from its present source"))
    if not any("image/png" in output.get("data", {}) for _, output in outputs):
        found.append((None, "shows no chart (an image/png output)"))
    if not any("<table" in str(output.get("data", {}).get("text/html", "")) for _, output in outputs):
        found.append((None, "shows no table (a text/html output with <table>)"))
    for number, cell in enumerate(cells, 1):
        if cell.get("execution_count") != number:
            found.append((number, f"execution count is {cell.get('execution_count')}, not {number}"))
    for number, output in outputs:
        if output.get("output_type") == "error":
            found.append((number, f"ends in an error: {output.get('ename')}: {output.get('evalue')}"))
        if "image/png" in output.get("data", {}) and not alternative_text(output):
            found.append((number, "shows a picture without alternative text (metadata image/png, alt)"))
        if "data:image" in str(output.get("data", {}).get("text/html", "")):
            found.append((number, "shows a picture within HTML, where GitHub leaves it out"))
        if output.get("name") == "stderr":
            found.append((number, f"wrote to stderr: {output.get('text', '').strip()[:100]}"))
        paths = {path for shown in output_texts(output) for path in machine_paths(shown, root)}
        found += [(number, f"its output names a path of one machine: {path}") for path in sorted(paths)]
    return found


def chapter(nb):
    """What the notebook lacks of what its chapter needs, and charts that nobody reads."""
    number = re.match(r"# (\d\d) ", nb["cells"][0]["source"] if nb["cells"] else "")
    needed = CHAPTERS.get(number.group(1), ()) if number else ()
    tagged = {}
    for cell in code_cells(nb):
        for tag in cell["metadata"].get("tags", []):
            tagged.setdefault(tag, []).append(cell["source"])
    for tag in needed:
        if tag not in tagged:
            yield None, f'no code cell has the tag "{tag}"'
    if "equation" in needed and not any(re.search(r"\bcheck(Equal)?\s*\(|\bimplements\b", source) for source in tagged.get("equation", [])):
        yield None, 'no cell with the tag "equation" implements it or checks it against the library'
    if needed and not any(re.search(r"\b(for|while)\b.*\.backward\(\)", cell["source"], re.DOTALL) for cell in code_cells(nb)):
        yield None, "no explicit training loop: a for with backward() in one cell"
    count = 0
    for cell, after in zip(nb["cells"], nb["cells"][1:] + [None]):
        count += cell["cell_type"] == "code"
        if needed and cell["cell_type"] == "code" and any("image/png" in o.get("data", {}) for o in cell.get("outputs", [])) \
                and (after is None or after["cell_type"] != "markdown"):
            yield count, "a chart without a reading: text must follow it"


def unfinished(nb):
    """The cells below the heading Exercises that print a verdict: one that is not done would pass where it is graded."""
    number, exercises = 0, False
    for cell in nb["cells"]:
        number += cell["cell_type"] == "code"
        exercises |= cell["cell_type"] == "markdown" and bool(re.search(r"^#+ Exercises", cell["source"], re.MULTILINE))
        if exercises and cell["cell_type"] == "code" and "System.out" in cell["source"]:
            yield number, "prints whether an exercise is done; exercise(…) with checkEqual(…) does not let it pass when it is not"


def machine_paths(shown, root=ROOT):
    """The paths in a text that exist on one machine only."""
    yield from (match.group(0) for match in MACHINE_PATH.finditer(shown))
    for folder in (str(root), str(Path.home())):
        if len(Path(folder).parts) > 1 and folder in shown and not MACHINE_PATH.search(folder + "/"):
            yield folder
