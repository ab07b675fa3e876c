"""A notebook as one HTML page: nbconvert's structure with our style, its headings as a list of contents, nothing from the network."""
import re

from .style import REPORT

# nbconvert's page without its own styles, for JupyterLab's window, and without the scripts that it would fetch (require.js, Mermaid).
TEMPLATE = """{%- extends 'lab/index.html.j2' -%}
{%- block html_head_js -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
{%- block notebook_css -%}<style>""" + REPORT + """</style>{%- endblock -%}
{%- block body_header -%}
<body>
<header><a href="index.html">All reports</a></header>
<!-- contents -->
<main>
{%- endblock -%}
{%- block data_png -%}
{%- set width = output | get_metadata('width', 'image/png') -%}
{%- set height = output | get_metadata('height', 'image/png') -%}
<div class="jp-RenderedImage jp-OutputArea-output"><img src="data:image/png;base64,{{ output.data['image/png'] | e }}"
{%- if width is number %} width="{{ width }}"{% endif %}{% if height is number %} height="{{ height }}"{% endif %}
 alt="{{ (output | get_metadata('alt', 'image/png') or 'A picture without a description') | e }}"></div>
{%- endblock -%}
"""
# Formulas are drawn where they stand; without this, MathJax would draw them, from the network.
WITHOUT_MATHJAX = "{%- block html_head_js_mathjax -%}{%- endblock -%}\n"


def convert(nb, title):
    """The notebook as one HTML file with its pictures inside."""
    from nbconvert import HTMLExporter
    try:
        from . import mathml
    except ImportError:  # an environment of the user's own, without latex2mathml: formulas need the network then
        exporter = HTMLExporter(embed_images=True, raw_template=TEMPLATE)
    else:
        exporter = HTMLExporter(embed_images=True, raw_template=TEMPLATE + WITHOUT_MATHJAX)
        exporter.register_filter("markdown2html", mathml.markdown)
    body, _ = exporter.from_notebook_node(nb, resources={"metadata": {"name": title}})
    return finished(body)


def finished(body):
    """The page with a list of contents, tables that say what their headers are for, and wide things that can be scrolled by themselves, by keyboard too."""
    body, headings = anchored(body)
    body = body.replace("<!-- contents -->", contents(headings), 1)
    body = re.sub(r"<th\b[^>]*>\s*</th>", "<td></td>", body)
    body = re.sub(r"<th(?=[\s>])(?![^>]*\sscope=)", '<th scope="col"', body)
    body = re.sub(r"<table(?=[\s>])", r'<div class="wide" tabindex="0" role="group" aria-label="Table"><table', body)
    return body.replace("</table>", "</table></div>")


def anchored(body):
    """The page with an address of its own for each heading, and the headings as (level, address, text)."""
    headings, taken = [], set()

    def heading(match):
        level, address, text = match.groups()
        own, number = address, 1
        while own in taken:
            number += 1
            own = f"{address}-{number}"
        taken.add(own)
        text = re.sub(r'<a class="anchor-link".*?</a>', "", text, flags=re.DOTALL)
        headings.append((int(level), own, re.sub(r"</?a\b[^>]*>", "", text)))
        return f'<h{level} id="{own}">{text}</h{level}>'

    return re.sub(r'<h([1-6]) id="([^"]*)">(.*?)</h\1>', heading, body, flags=re.DOTALL), headings


def contents(headings):
    """The headings of the second level as a list; those of the third below them."""
    parts, depth = [], 1
    for level, address, text in headings:
        if level not in (2, 3):
            continue
        level = min(level, depth + 1)
        parts.append("<ul>" * (level - depth) + "</li>" * (level <= depth) + "</ul></li>" * (depth - level) + f'<li><a href="#{address}">{text}</a>')
        depth = level
    if not parts:
        return ""
    return f'<nav aria-label="Contents"><details open><summary>Contents</summary>{"".join(parts)}{"</li></ul>" * (depth - 1)}</details></nav>'
