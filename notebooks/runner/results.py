"""Writes notebooks/results/NAME.md: what the long version of a notebook measured, as text that can be compared and cited."""
import os
import platform
import re
from html.parser import HTMLParser

from . import notebook
from .paths import NOTEBOOKS
from .progress import duration

FOLDER = NOTEBOOKS / "results"


def write(path, execution, conditions):
    """Writes the tables, claims and printed lines of an executed notebook, in its order, under its headings."""
    notebook.write_aside(FOLDER / (path.stem + ".md"), page(path.stem, notebook.for_commit(execution.notebook), execution.seconds, conditions))


def page(stem, nb, seconds, conditions):
    command = f"UNROLL_DATASETS=FOLDER python3 notebooks/run.py {stem[:2]} --full --update"
    parts = [f"# {stem}: results of the full size", f"Measured by `{command}` in {duration(seconds)}: {conditions['java']}, {processor()}.\n"
             f"The code of the notebook that ran has the SHA-256 `{notebook.source_hash(nb)[:16]}…` (of all its cells)."]
    heading = None
    for cell in nb["cells"]:
        if cell["cell_type"] == "markdown":
            headings = re.findall(r"^#{2,3} (.+)$", cell["source"], re.MULTILINE)
            heading = headings[-1] if headings else heading
            continue
        shown = [text for output in cell.get("outputs", []) for text in texts(output)]
        if shown and heading:
            parts.append(f"## {heading}")
            heading = None
        parts += shown
    return "\n\n".join(parts) + "\n"


def texts(output):
    """The Markdown of an output: its tables, else its lines; nothing for a picture."""
    data = output.get("data", {})
    if "<table" in data.get("text/html", ""):
        return tables(data["text/html"])
    if any(mime.startswith(("image/", "text/html")) for mime in data):
        return []
    lines = [line.strip() for line in (output.get("text") or data.get("text/plain", "")).splitlines() if line.strip()]
    return ["\n".join("- " + literally(line) for line in lines)] if lines else []


def literally(shown):
    """A text that Markdown shows as it stands: no tag, comment or entity of HTML begins in it."""
    return re.sub(r"<(?=[A-Za-z/!?])", "&lt;", re.sub(r"&(?=#?\w+;)", "&amp;", shown))


def tables(page):
    """Every table of a piece of HTML, as Markdown."""
    reader = _Tables()
    reader.feed(page)
    return [as_markdown(rows) for rows in reader.tables if rows]


def as_markdown(rows):
    width = max(len(row) for row in rows)
    lines = ["| " + " | ".join(literally(cell).replace("|", "\\|") for cell in row + [""] * (width - len(row))) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])


def processor():
    """How many processors there are, and what they call themselves."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as info:
            name = next((line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), platform.machine())
    except OSError:
        name = platform.processor() or platform.machine()
    return f"{os.cpu_count()} × {name}"


class _Tables(HTMLParser):
    """Collects rows of cells; what stands in a cell is text."""

    def __init__(self):
        super().__init__()
        self.tables, self.cell = [], None

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self.cell = []

    def handle_data(self, data):
        if self.cell is not None:
            self.cell.append(data)

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.cell is not None:
            self.tables[-1][-1].append(" ".join("".join(self.cell).split()))
            self.cell = None
