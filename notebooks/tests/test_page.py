import re
import unittest

from runner import page, style
from tests.books import PNG, TABLE, book, code, markdown, stream
from tests.pages import faults

try:
    import nbconvert
    import nbformat
except ImportError:  # a Python without run.py's requirements; .ci/run looks at the reports themselves
    nbconvert = None

HEADINGS = [(1, "a", "A"), (2, "b", "B"), (3, "c", "C"), (3, "d", "D"), (2, "e", "E"), (4, "f", "F")]


class Finished(unittest.TestCase):
    def test_the_second_and_third_level_are_the_contents(self):
        self.assertEqual(page.contents(HEADINGS), '<nav aria-label="Contents"><details open><summary>Contents</summary><ul><li><a href="#b">B</a>'
                         '<ul><li><a href="#c">C</a></li><li><a href="#d">D</a></li></ul></li><li><a href="#e">E</a></li></ul></details></nav>')

    def test_every_list_of_contents_is_closed(self):
        for levels in ((2,), (3,), (2, 3), (3, 2), (2, 3, 2, 3), (3, 3), (4, 2), (2, 4, 3)):
            shown = page.contents([(level, "x", "X") for level in levels])
            for tag in ("ul", "li", "a", "nav"):
                self.assertEqual(len(re.findall(f"<{tag}[ >]", shown)), shown.count(f"</{tag}>"), (levels, shown))

    def test_without_sections_there_are_no_contents(self):
        self.assertEqual(page.contents([(1, "a", "A")]), "")

    def test_equal_headings_get_addresses_of_their_own(self):
        body, headings = page.anchored('<h2 id="x">X<a class="anchor-link" href="#x">¶</a></h2>' * 3 + '<h2 id="x-2">Y</h2>')
        self.assertEqual([address for _, address, _ in headings], ["x", "x-2", "x-3", "x-2-2"])
        self.assertEqual(body.count("¶"), 0)
        self.assertEqual(len(set(re.findall(r'id="(.*?)"', body))), 4)

    def test_headers_say_what_they_are_for_and_tables_can_be_scrolled(self):
        done = page.finished('<table><tr><th>a</th><th scope="row">b</th><th align="right">c</th><th></th></tr></table><thead>')
        self.assertEqual(done, '<div class="wide" tabindex="0" role="group" aria-label="Table"><table><tr><th scope="col">a</th><th scope="row">b</th>'
                         '<th scope="col" align="right">c</th><td></td></tr></table></div><thead>')


class Styles(unittest.TestCase):
    def test_every_colour_is_named_for_light_and_dark(self):
        light, dark = (set(re.findall(r"--[a-z]+(?=:)", part)) for part in style.COLOURS.split("@media"))
        self.assertEqual(light, dark)
        for sheet in (style.INDEX, style.REPORT):
            self.assertLessEqual(set(re.findall(r"var\((--[a-z]+)\)", sheet)), light)

    def test_letters_stand_out_from_the_page_and_from_code(self):
        for part in style.COLOURS.split("@media"):
            colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]+)", part))
            for name, colour in colours.items():
                if name not in ("page", "code", "line"):
                    for behind in ("page", "code"):
                        self.assertGreaterEqual(contrast(colour, colours[behind]), 4.5, (name, behind))

    def test_pictures_fit_code_wraps_and_paper_is_thought_of(self):
        for sheet in (style.INDEX, style.REPORT):
            for part in ("max-width: 100%", "@media print", "prefers-color-scheme: dark", "@media (max-width"):
                self.assertIn(part, sheet)
            self.assertEqual(sheet.count("{"), sheet.count("}"))
        self.assertIn("white-space: pre-wrap", style.REPORT)


def contrast(one, other):
    """The contrast of two colours, 1 to 21, as the WCAG defines it."""
    def luminance(colour):
        digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
        parts = [int(digits[i:i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


class Faults(unittest.TestCase):
    RIGHT = ('<html lang="en"><head><meta name="viewport" content="width=device-width"><title>T</title></head><body>'
             '<main><h1 id="a">A</h1><img alt="a" src="data:,"><table><tr><th scope="col">c</th></tr></table><a href="#a">a</a></main></body></html>')

    def test_a_right_page_has_none(self):
        self.assertEqual(faults(self.RIGHT), [])

    def test_each_fault_is_found(self):
        for right, wrong in ((' lang="en"', ""), ('alt="a"', 'alt=" "'), ('scope="col"', ""), ("width=device-width", "width=1000"), ("<main>", ""),
                             ('href="#a"', 'href="#b"'), ("<h1", '<h2 id="b">B</h2><h1'), ("<h1", '<h2 id="a">B</h2><nav></nav><h1'),
                             ("<table>", '<table style="width: 900px">'), ("data:,", "https://example.org/a.png"), ("<table>", "<nav></nav><table>")):
            self.assertNotEqual(faults(self.RIGHT.replace(right, wrong, 1)), [], wrong)


@unittest.skipUnless(nbconvert, "nbconvert is not installed here")
class Converted(unittest.TestCase):
    def convert(self, *cells):
        nb = book(*cells)
        nb["metadata"]["kernelspec"]["display_name"] = "Java"
        return page.convert(nbformat.from_dict(nb), "01-a")

    def test_a_report_lacks_nothing(self):
        described = dict(PNG, metadata={"image/png": {"width": 680, "height": 400, "alt": 'Line chart: "Loss" < 2'}})
        shown = self.convert(markdown("# Forgetting\n\n## Same\n\n| a | |\n|---|---|\n| 1 | 2 |\n\n$$x_1$$"), markdown("## Same\n\n### Below"),
                             code("int x;", described, PNG, TABLE, stream("a\n")))
        self.assertEqual(faults(shown), [])
        self.assertIn("Line chart: &quot;Loss&quot; &lt; 2", shown.replace("\"Loss\"", "&quot;Loss&quot;"))
        self.assertIn('<a href="#Same-2">Same</a>', shown)

    def test_a_notebook_of_code_alone_is_a_page(self):
        self.assertIn("<main>", self.convert(code("1")))
