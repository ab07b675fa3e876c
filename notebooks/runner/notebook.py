"""Notebooks as JSON: their question, their result, and the form in which they are committed. Standard library only."""
import copy
import hashlib
import html
import json
import os
import re
import tempfile
from pathlib import Path

from .paths import NOTEBOOKS, ROOT
from .problem import Problem

KERNELSPEC = {"display_name": "Java", "language": "java", "name": "java"}
LANGUAGE = {"codemirror_mode": "java", "file_extension": ".jshell", "mimetype": "text/x-java-source", "name": "Java",
            "pygments_lexer": "java"}


def known(folder=NOTEBOOKS):
    """The notebooks in reading order."""
    return sorted(folder.glob("[0-9]*.ipynb"))


def select(names, notebooks):
    """The notebooks that the given names or prefixes mean, in reading order; all for no names."""
    chosen = []
    for name in names:
        stem = Path(name).name
        stem = stem[:-len(".ipynb")] if stem.endswith(".ipynb") else stem
        matches = [n for n in notebooks if n.stem == stem] or [n for n in notebooks if stem and n.stem.startswith(stem)]
        if not matches:
            listing = "\n".join("    " + n.stem for n in notebooks) or "    (none)"
            raise Problem(f"No notebook is called or starts with '{name}'. There are:\n{listing}", status=2)
        chosen += matches
    return [n for n in notebooks if n in chosen] if names else list(notebooks)


def read(path):
    """A notebook as dictionaries, with the lines of every text joined; a Problem unless all is there that its users look at."""
    try:
        nb = json.loads(Path(path).read_text(encoding="utf-8"))
        expect(isinstance(nb, dict) and nb.get("nbformat") == 4 and isinstance(nb.get("cells"), list), "not a notebook of format 4")
        expect(isinstance(nb.setdefault("metadata", {}), dict), "its metadata are no object")
        for number, cell in enumerate(nb["cells"], 1):
            join(cell, f"cell {number}")
    except (OSError, ValueError, RecursionError) as e:
        raise Problem(f"{path} cannot be read as a notebook: {e}")
    return nb


def join(cell, where):
    """Checks one cell, and joins the lines of its texts."""
    expect(isinstance(cell, dict) and isinstance(cell.get("cell_type"), str), f"{where} has no cell_type")
    cell["source"] = text(cell.get("source", ""), f"the source of {where}")
    expect(isinstance(cell.setdefault("metadata", {}), dict), f"the metadata of {where} are no object")
    expect(isinstance(cell.get("outputs", []), list), f"the outputs of {where} are no list")
    for output in cell.get("outputs", []):
        expect(isinstance(output, dict) and isinstance(output.get("output_type"), str), f"an output of {where} has no output_type")
        for key in ("name", "ename", "evalue"):
            expect(isinstance(output.get(key, ""), str), f"{key} of an output of {where} is no text")
        if output["output_type"] == "stream" or "text" in output:
            output["text"] = text(output.get("text", ""), f"an output of {where}")
        text(output.get("traceback", []), f"the traceback of {where}")
        expect(isinstance(output.get("data", {}), dict), f"the data of an output of {where} are no object")
        for mime, value in output.get("data", {}).items():
            if mime.endswith("json"):
                continue                                                    # any value at all
            output["data"][mime] = text(value, f"{mime} of {where}")


def expect(right, otherwise):
    if not right:
        raise ValueError(otherwise)


def text(value, where):
    """A text that may be given as its lines."""
    expect(isinstance(value, str) or isinstance(value, list) and all(isinstance(line, str) for line in value), f"{where} is no text")
    return value if isinstance(value, str) else "".join(value)


def write_aside(path, content):
    """Writes text to a file of another name and renames it: a reader never sees half a file."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=path.name + ".", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def dumps(nb):
    """The one text of a notebook: sorted keys, texts split into lines, indented by one, newline at the end."""
    nb = copy.deepcopy(nb)
    for cell in nb["cells"]:
        cell["source"] = cell["source"].splitlines(True)
        for output in cell.get("outputs", []):
            if "text" in output:
                output["text"] = output["text"].splitlines(True)
            for mime, value in output.get("data", {}).items():
                if isinstance(value, str) and (mime.startswith("text/") or mime == "image/svg+xml"):
                    output["data"][mime] = value.splitlines(True)
    return json.dumps(nb, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def source_hash(nb):
    """SHA-256 of the sources of all cells, in order, and of nothing else."""
    return hashlib.sha256("\0".join(cell["source"] for cell in nb["cells"]).encode("utf-8")).hexdigest()


def code_cells(nb):
    return [cell for cell in nb["cells"] if cell["cell_type"] == "code"]


def question(nb):
    """What the notebook asks: the paragraph after **Question.**, else the first sentence of its prose."""
    prose = [cell["source"] for cell in nb["cells"] if cell["cell_type"] == "markdown"]
    for source in prose:
        match = re.search(r"\*\*Question[.:]?\*\*[.:]?\s*(.+?)(?:\n\s*\n|\Z)", source, re.DOTALL)
        if match:
            return plain(match.group(1))
    if not prose:
        return ""
    lines = [line for line in prose[0].splitlines() if line.strip()]
    body = " ".join(line for line in lines if not line.lstrip().startswith("#")) or " ".join(lines)
    return re.split(r"(?<=[.?!])\s", plain(body), maxsplit=1)[0]


def plain(markdown):
    """Markdown without its marks, on one line."""
    unlinked = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return " ".join(re.sub(r"\*+|`|^#+\s*", "", unlinked.strip()).split())


def output_texts(output):
    """Every readable text of an output."""
    if "text" in output:
        yield output["text"]
    for mime, value in output.get("data", {}).items():
        if isinstance(value, str) and not mime.startswith("image/"):
            yield value
    if output.get("output_type") == "error":
        yield from (output.get("evalue", ""), *output.get("traceback", []))


def claims(nb):
    """The lines that `check` printed for claims that hold."""
    return [line.strip() for cell in code_cells(nb) for output in cell.get("outputs", [])
            for shown in (output.get("text"), output.get("data", {}).get("text/plain")) if shown
            for line in shown.splitlines() if line.strip().startswith("✓")]


def result(nb):
    """The headline: the last claim that held, and how many did."""
    held = claims(nb)
    if not held:
        return ""
    headline = held[-1] if held[-1] != "✓" else f"✓ {len(held)}"
    return f"{headline} ({len(held)} claims held)" if len(held) > 1 else headline


def first_chart(nb):
    """The first image/png output, in base 64, or None."""
    for cell in code_cells(nb):
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                return output["data"]["image/png"].replace("\n", ""), alternative_text(output) or "first chart"
    return None


def alternative_text(output):
    """What stands for the picture of an output where it is not seen; empty if nothing does."""
    metadata = output.get("metadata")
    picture = metadata.get("image/png") if isinstance(metadata, dict) else None
    return str(picture.get("alt", "")).strip() if isinstance(picture, dict) else ""


def merge_streams(nb):
    """Joins neighbouring pieces of one stream, and leaves them where they were among charts and tables."""
    for cell in code_cells(nb):
        merged = []
        for output in cell.get("outputs", []):
            before = merged[-1] if merged else None
            if before and output["output_type"] == "stream" == before["output_type"] and output["name"] == before["name"]:
                before["text"] += output["text"]
            else:
                merged.append(output)
        cell["outputs"] = merged


def for_commit(nb):
    """A copy of an executed notebook without anything that another machine or another minute would make different."""
    nb = copy.deepcopy(nb)
    nb["metadata"] = {"kernelspec": dict(KERNELSPEC), "language_info": dict(LANGUAGE),
                      "unroll": {"source_sha256": source_hash(nb)}}
    for number, cell in enumerate(code_cells(nb), 1):
        cell["execution_count"] = number
        for output in cell["outputs"]:
            output.pop("transient", None)
            if "execution_count" in output:
                output["execution_count"] = number
            if "text" in output:
                output["text"] = portable(output["text"])
            for mime, value in output.get("data", {}).items():
                if isinstance(value, str) and not mime.startswith("image/"):
                    output["data"][mime] = portable(value)
    for cell in nb["cells"]:
        for key in ("execution", "ExecuteTime", "collapsed", "scrolled"):
            cell.get("metadata", {}).pop(key, None)
    return nb


def portable(shown):
    """A text without this machine's folders, this run's object addresses (Type@1b2c3d) and the time that a run took."""
    # Windows shows a folder with either slash.
    folders = [(NOTEBOOKS, "."), (ROOT, ".."), (Path(tempfile.gettempdir()), "<temp>"), (Path.home(), "~")]
    for folder, name in sorted(folders, key=lambda pair: -len(pair[0].parts)):      # a folder within another one comes first
        spellings = {str(folder), folder.as_posix()}
        for spelling, replacement in [pair for s in spellings for pair in ((s, name), (html.escape(s), html.escape(name)))]:
            if len(folder.parts) > 1:
                shown = re.sub(re.escape(spelling) + r"(?![\w-])", lambda _, r=replacement: r, shown)
    shown = re.sub(r"\b([A-Z][\w$]*(?:\[\])*)@[0-9a-f]{5,8}\b", r"\1", shown)
    return re.sub(r" after (?:\d+ s|\d+:\d\d min|\d+:\d\d:\d\d h)(?=[<\s]|$)", "", shown)        # Progress's last line
