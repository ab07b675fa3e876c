"""Small notebooks for the tests."""
import copy

from runner import notebook

PNG = {"output_type": "display_data", "metadata": {"image/png": {"alt": "Line chart: Loss."}}, "data": {"image/png": "iVBORw0KGgo=\n"}}
TABLE = {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<table><tr><td>1</td></tr></table>"}}


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def error(ename="RuntimeException", evalue="java.lang.IllegalStateException, no", traceback=()):
    return {"output_type": "error", "ename": ename, "evalue": evalue, "traceback": list(traceback)}


def markdown(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code(source, *outputs):
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": copy.deepcopy(list(outputs)), "execution_count": None}


def book(*cells):
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    for number, cell in enumerate((c for c in cells if c["cell_type"] == "code"), 1):
        cell["execution_count"] = number
    nb = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "java"}}, "cells": list(cells)}
    nb["metadata"]["unroll"] = {"source_sha256": notebook.source_hash(nb)}
    return nb


def good():
    """A notebook in which --check finds nothing."""
    return book(markdown("# Forgetting\n\n**Question.** How fast?"), code("%classpath ../lib/kit/*.jar"), code("chart", PNG, TABLE),
                code('check("one is one", 1 == 1)', stream("✓ one is one\n")))
