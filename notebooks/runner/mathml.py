"""Formulas as MathML, which browsers draw themselves: a page with them loads nothing from the network."""
import html
import re
from xml.etree.ElementTree import tostring

from latex2mathml.converter import convert_to_element
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# The converter knows these under one name only.
ENVIRONMENTS = {"aligned": "align*", "align": "align*", "eqnarray": "align*", "gathered": "matrix", "gather": "matrix"}
SHORT = 40  # characters of TeX that fit on every screen
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


def displayed(tex):
    """A formula on a line of its own; where a phone may be too narrow for it, it can be scrolled by itself, by keyboard too."""
    focus = ' tabindex="0" role="group" aria-label="Formula"' if len(tex) > SHORT else ""
    return f'<div class="wide"{focus}>{mathml(tex, "block")}</div>'


class Renderer(IPythonRenderer):
    """nbconvert's Markdown, with formulas drawn."""

    def inline_math(self, body):
        return mathml(body)

    def block_math(self, body):
        return displayed(body)

    def latex_environment(self, name, body):
        return displayed(f"\\begin{{{name}}}{body}\\end{{{name}}}")


def markdown(source):
    """Markdown as HTML, with its formulas drawn."""
    return MarkdownWithMath(renderer=Renderer(escape=False)).render(source)
