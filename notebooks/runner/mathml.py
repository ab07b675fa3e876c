"""Notebooks as HTML pages that load nothing from the network: formulas become MathML, which browsers draw themselves."""
import html
import re
from xml.etree.ElementTree import tostring

from latex2mathml.converter import convert_to_element
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# nbconvert's page without the scripts that it would fetch (require.js, MathJax, Mermaid).
TEMPLATE = """{%- extends 'lab/index.html.j2' -%}
{%- block html_head_js -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
{%- block html_head_css -%}
<style>
math { font-size: 1.15em; }
mi[mathvariant="bold-italic"] { font-weight: bold; }
math[display="block"] { margin: .8em 0; }
mtd[columnalign="left"] { text-align: left; }
mtd[columnalign="right"] { text-align: right; }
</style>
{%- endblock -%}
"""
# The converter knows these under one name only.
ENVIRONMENTS = {"aligned": "align*", "align": "align*", "eqnarray": "align*", "gathered": "matrix", "gather": "matrix"}
# Operators with their limits below and above them; browsers move those of inline formulas to the side.
LIMITS = {"&#x02211;", "&#x0220F;", "max", "min", "lim", "sup", "inf"}
UNDER_OVER = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}


def mathml(tex, display="inline"):
    """A formula as MathML; as it was written, where the converter does not know all of it."""
    named = re.sub(r"\{(\w+)\*?\}", lambda m: "{%s}" % ENVIRONMENTS.get(m.group(1), m.group(0)[1:-1]), tex)
    named = re.sub(r"\\arg\b", r"\\operatorname{arg}", re.sub(r"\\bm\b", r"\\boldsymbol", named))
    try:
        tree = convert_to_element(named, display=display)
        for element in tree.iter():
            if element.tag in UNDER_OVER and element[0].text in LIMITS:
                element.tag = UNDER_OVER[element.tag]
        drawn = re.sub(r"&amp;(#x[0-9A-Fa-f]+;)", r"&\1", tostring(tree, encoding="unicode"))
    except Exception:  # its own errors have no common class, and a formula is no reason to lose a report
        drawn = None
    if drawn is None or re.search(r">\\[A-Za-z]", drawn) or "<mi>&amp;</mi>" in drawn:
        return f"<code>{html.escape(tex.strip())}</code>"
    return drawn


class Renderer(IPythonRenderer):
    """nbconvert's Markdown, with formulas drawn."""

    def inline_math(self, body):
        return mathml(body)

    def block_math(self, body):
        return mathml(body, "block")

    def latex_environment(self, name, body):
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


class Exporter(HTMLExporter):
    """nbconvert's page, complete in one file."""

    def __init__(self, **settings):
        super().__init__(embed_images=True, raw_template=TEMPLATE, **settings)
        self.register_filter("markdown2html", lambda source: MarkdownWithMath(renderer=Renderer(escape=False)).render(source))
