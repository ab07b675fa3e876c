import unittest

from runner import results
from tests.books import PNG, book, code, markdown, stream

TABLE = {"output_type": "display_data", "metadata": {}, "data": {
    "text/html": "<style>td {}</style><table><thead><tr><th>T</th><th>error</th></tr></thead><tbody><tr><td> 600 </td><td>a|b &lt; 1</td></tr>"
                 "<tr><td>700</td></tr></tbody></table>", "text/plain": "no"}}


class Page(unittest.TestCase):
    def page(self, *cells):
        return results.page("05-gated-units", book(*cells), 75.2, {"java": "Java 21"})

    def test_tables_and_claims_stand_under_their_headings(self):
        page = self.page(markdown("# T\n\n## Adding\n\ntext"), code("a", TABLE, stream("✓ low (measured: 1)\n\n")), markdown("## Silent"), code("b", PNG))
        self.assertIn("## Adding\n\n| T | error |\n|---|---|\n| 600 | a\\|b < 1 |\n| 700 |  |\n\n- ✓ low (measured: 1)\n", page)
        self.assertNotIn("Silent", page)
        self.assertNotIn("iVBOR", page)

    def test_text_stays_text_in_markdown(self):
        script = "<script>alert(1)</script>"
        table = {**TABLE, "data": {"text/html": "<table><tr><td>&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;b&gt; &lt;!-- a < b &amp; c</td></tr></table>"}}
        page = self.page(code("a", table, stream(script + " &lt;b> <?x\n")))
        self.assertNotRegex(page, r"<[A-Za-z/!?]")
        self.assertIn("| &lt;script>alert(1)&lt;/script> &amp;lt;b> &lt;!-- a < b & c |", page)
        self.assertIn("- &lt;script>alert(1)&lt;/script> &amp;lt;b> &lt;?x", page)

    def test_it_says_how_it_was_measured(self):
        page = self.page(code("a", TABLE))
        for part in ("run.py 05 --full --update", "1 min 15 s", "Java 21", "SHA-256"):
            self.assertIn(part, page)


if __name__ == "__main__":
    unittest.main()
