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
    """A notebook as dictionaries, with the lines of every text joined."""
    try:
        nb = json.loads(Path(path).read_text(encoding="utf-8"))
        if not isinstance(nb, dict) or nb.get("nbformat") != 4 or not isinstance(nb.get("cells"), list):
            raise ValueError("not a notebook of format 4")
    except (OSError, ValueError) as e:
        raise Problem(f"{path} cannot be read as a notebook: {e}")
    for cell in nb["cells"]:
        cell["source"] = text(cell.get("source", ""))
        for output in cell.get("outputs", []):
            if "text" in output:
                output["text"] = text(output["text"])
            for mime, value in output.get("data", {}).items():
                if isinstance(value, list):
                    output["data"][mime] = text(value)
    return nb


def text(value):
    return "".join(value) if isinstance(value, list) else value


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
    folders = [(NOTEBOOKS, "."), (ROOT, ".."), (Path(tempfile.gettempdir()), "<temp>"), (Path.home(), "~")]
    for folder, name in sorted(folders, key=lambda pair: -len(pair[0].parts)):      # a folder within another one comes first
        for spelling, replacement in ((str(folder), name), (html.escape(str(folder)), html.escape(name))):
            if len(folder.parts) > 1:
                shown = re.sub(re.escape(spelling) + r"(?![\w-])", lambda _, r=replacement: r, shown)
    shown = re.sub(r"\b([A-Z][\w$]*(?:\[\])*)@[0-9a-f]{5,8}\b", r"\1", shown)
    return re.sub(r" after (?:\d+ s|\d+:\d\d min|\d+:\d\d:\d\d h)(?=[<\s]|$)", "", shown)        # Progress's last line
