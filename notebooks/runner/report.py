"""Writes reports/NAME.html, reports/NAME.ipynb and reports/index.html."""
import datetime
import html
from urllib.parse import quote

from . import notebook, page
from .paths import REPORTS
from .progress import duration
from .style import INDEX

HEADS = ("Notebook", "Question", "Result", "Time", "Status", "First chart")


def write(path, execution, conditions):
    """Writes both reports of one executed notebook; conditions (kernel, java, scale) are recorded in it."""
    nb = execution.notebook
    record = {"source_sha256": notebook.source_hash(nb), "seconds": round(execution.seconds, 1),
              "status": "failed" if execution.failure else "passed",
              "executed": datetime.datetime.now().astimezone().isoformat(timespec="seconds"), **conditions}
    if execution.failure:
        record["failure"] = execution.failure.headline()
    nb.metadata["unroll"] = record
    notebook.write_aside(REPORTS / (path.stem + ".html"), page.convert(nb, path.stem))
    notebook.write_aside(REPORTS / (path.stem + ".ipynb"), notebook.dumps(nb))


def write_index(notebooks):
    """Writes the table of all notebooks with what is known from their latest runs."""
    rows = [row_of(path) for path in notebooks]
    notebook.write_aside(REPORTS / "index.html", f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Unroll: reports</title>
<style>{INDEX}</style></head><body><main>
<h1>Unroll: recurrent networks in Java notebooks</h1>
<table><thead><tr>{''.join(f'<th scope="col">{head}</th>' for head in HEADS)}</tr></thead>
<tbody>
{''.join(rows)}</tbody></table>
<p><small>Made by <code>python3 notebooks/run.py</code>; every line shows the notebook's latest run.</small></p>
</main></body></html>
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
        return f'<tr><th scope="row">{name}</th><td>{asks}</td><td></td><td></td><td class="missing">not run yet</td><td></td></tr>\n'
    record = nb["metadata"]["unroll"]
    status = "failed" if record["status"] == "failed" else "passed"
    said = record.get("failure", "") if status == "failed" else notebook.result(nb)
    chart = notebook.first_chart(nb)
    picture = (f'<a href="{link}.html"><img alt="{html.escape(chart[1])}" src="data:image/png;base64,{html.escape(chart[0])}"></a>'
               if chart else "")
    details = [record.get("executed", "")[:16].replace("T", " "), record.get("java", ""), record.get("scale", "")]
    details = "<br>".join(html.escape(detail) for detail in details if detail)
    return (f'<tr><th scope="row"><a href="{link}.html">{name}</a><br><small><a href="{link}.ipynb">ipynb</a></small></th>'
            f"<td>{html.escape(notebook.question(nb))}</td><td>{html.escape(said)}</td>"
            f'<td class="time">{duration(float(record.get("seconds", 0)))}</td>'
            f'<td class="{status}">{status}<br><small>{details}</small></td><td>{picture}</td></tr>\n')
