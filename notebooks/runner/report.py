"""Writes reports/NAME.html, reports/NAME.ipynb and reports/index.html."""
import datetime
import html
from urllib.parse import quote

from . import notebook
from .paths import REPORTS
from .progress import duration

STYLE = """
body { font: 16px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1b1f24;
       background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .6rem .7rem; border-bottom: 1px solid #d8dee4; }
th { font-weight: 600; }
th:nth-child(4), td.time { text-align: right; }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.passed { color: #14713a; } td.failed { color: #b42318; font-weight: 600; } td.missing { color: #6b7280; }
img { width: 14rem; height: auto; display: block; border: 1px solid #d8dee4; }
td:first-child, td small { white-space: nowrap; }
a { color: #0a58ca; }
small { color: #57606a; font-weight: normal; }
"""


def write(path, execution, conditions):
    """Writes both reports of one executed notebook; conditions (kernel, java, scale) are recorded in it."""
    nb = execution.notebook
    record = {"source_sha256": notebook.source_hash(nb), "seconds": round(execution.seconds, 1),
              "status": "failed" if execution.failure else "passed",
              "executed": datetime.datetime.now().astimezone().isoformat(timespec="seconds"), **conditions}
    if execution.failure:
        record["failure"] = execution.failure.headline()
    nb.metadata["unroll"] = record
    notebook.write_aside(REPORTS / (path.stem + ".html"), as_html(nb, path.stem))
    notebook.write_aside(REPORTS / (path.stem + ".ipynb"), notebook.dumps(nb))


def as_html(nb, title):
    """The notebook as one HTML file with its pictures inside."""
    try:
        from .mathml import Exporter
        exporter = Exporter()
    except ImportError:  # an environment of the user's own, without latex2mathml: formulas need the network then
        from nbconvert import HTMLExporter
        exporter = HTMLExporter(embed_images=True)
    body, _ = exporter.from_notebook_node(nb, resources={"metadata": {"name": title}})
    return body


def write_index(notebooks):
    """Writes the table of all notebooks with what is known from their latest runs."""
    rows = [row_of(path) for path in notebooks]
    notebook.write_aside(REPORTS / "index.html", f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Unroll: reports</title>
<style>{STYLE}</style></head><body>
<h1>Unroll: recurrent networks in Java notebooks</h1>
<table><thead><tr><th>Notebook</th><th>Question</th><th>Result</th><th>Time</th><th>Status</th><th>First chart</th></tr></thead>
<tbody>
{''.join(rows)}</tbody></table>
<p><small>Made by <code>python3 notebooks/run.py</code>; every line shows the notebook's latest run.</small></p>
</body></html>
""")


def row_of(path):
    """One line of the index, from the latest report; a damaged report, or another program's, counts as none."""
    try:
        return row(path, notebook.read(REPORTS / (path.stem + ".ipynb")))
    except (notebook.Problem, KeyError, TypeError, ValueError, AttributeError):
        return row(path, None)


def row(path, nb):
    """One line of the index."""
    name, link = html.escape(path.stem), html.escape(quote(path.stem))
    if nb is None:
        try:
            asks = html.escape(notebook.question(notebook.read(path)))
        except notebook.Problem as problem:
            asks = html.escape(str(problem))
        return f'<tr><td>{name}</td><td>{asks}</td><td></td><td></td><td class="missing">not run yet</td><td></td></tr>\n'
    record = nb["metadata"]["unroll"]
    status = "failed" if record["status"] == "failed" else "passed"
    said = record.get("failure", "") if status == "failed" else notebook.result(nb)
    chart = notebook.first_chart(nb)
    picture = (f'<a href="{link}.html"><img alt="first chart of {name}" src="data:image/png;base64,{html.escape(chart)}"></a>'
               if chart else "")
    details = [record.get("executed", "")[:16].replace("T", " "), record.get("java", ""), record.get("scale", "")]
    details = "<br>".join(html.escape(detail) for detail in details if detail)
    return (f'<tr><td><a href="{link}.html">{name}</a><br><small><a href="{link}.ipynb">ipynb</a></small></td>'
            f"<td>{html.escape(notebook.question(nb))}</td><td>{html.escape(said)}</td>"
            f'<td class="time">{duration(float(record.get("seconds", 0)))}</td>'
            f'<td class="{status}">{status}<br><small>{details}</small></td><td>{picture}</td></tr>\n')
