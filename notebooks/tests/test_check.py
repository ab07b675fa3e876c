import unittest

from runner import check, notebook
from tests.books import PNG, TABLE, book, code, error, good, markdown, stream


def said(nb):
    return [text for _, text in check.findings(nb)]


class Form(unittest.TestCase):
    def changed(self, change):
        nb = good()
        change(nb)
        return check.findings(nb)

    def one(self, change):
        found = self.changed(change)
        self.assertEqual(len(found), 1, found)
        return found[0]

    def test_a_good_notebook_has_no_findings(self):
        self.assertEqual(check.findings(good()), [])

    def test_outputs_of_an_older_source(self):
        self.assertIn("present source", self.one(lambda nb: nb["cells"][0].update(source="# Other"))[1])
        self.assertIn("present source", self.one(lambda nb: nb["metadata"].pop("unroll"))[1])

    def test_no_outputs(self):
        def clear(nb):
            for cell in nb["cells"]:
                cell.pop("outputs", None)
        self.assertIn("no outputs", self.one(clear)[1])

    def test_an_error_output(self):
        cell, text = self.one(lambda nb: nb["cells"][2]["outputs"].append(error()))
        self.assertEqual(cell, 2)
        self.assertIn("IllegalStateException, no", text)

    def test_stderr(self):
        cell, text = self.one(lambda nb: nb["cells"][3]["outputs"].append(stream("SLF4J: no provider\n", "stderr")))
        self.assertEqual((cell, text), (3, "wrote to stderr: SLF4J: no provider"))

    def test_a_cell_of_sixteen_lines_is_too_long_and_blank_lines_do_not_count(self):
        self.assertEqual(said(book(code(check.FIRST_CELL), code("x;\n\n" * 15 + "check(1)", PNG, TABLE))), ["16 lines; at most 15 make one idea"])
        self.assertEqual(said(book(code(check.FIRST_CELL), code("x;\n\n" * 14 + "check(1)", PNG, TABLE))), [])

    def test_the_first_cell_is_exactly_the_class_path(self):
        for first in ("%classpath ../lib/kit/*.jar\n", "%classpath lib/kit/*.jar", "// start"):
            nb = book(code(first), code("check(1)", PNG, TABLE))
            self.assertEqual(check.findings(nb), [(1, "the first code cell is not exactly %classpath ../lib/kit/*.jar")])

    def test_nothing_asserted(self):
        self.assertEqual(said(book(code(check.FIRST_CELL), code("precheck(1)", PNG, TABLE))), ["asserts nothing: no check(…) in any cell"])

    def test_no_chart_and_no_table(self):
        found = said(book(code(check.FIRST_CELL), code("check(1)", stream("✓\n"))))
        self.assertEqual(found, ["shows no chart (an image/png output)", "shows no table (a text/html output with <table>)"])

    def test_a_cell_that_was_not_executed(self):
        self.assertEqual(self.one(lambda nb: nb["cells"][3].update(execution_count=None))[0], 3)

    def test_a_cell_without_id_and_another_kernel(self):
        self.assertIn("id for every cell", self.one(lambda nb: nb["cells"][0].pop("id"))[1])
        self.assertIn("kernelspec", self.one(lambda nb: nb["metadata"].update(kernelspec={"name": "ijava"}))[1])

    def test_every_finding_is_listed_at_once(self):
        self.assertGreaterEqual(len(check.findings(book(code("x", error(), stream("e", "stderr"))))), 6)

    def test_an_empty_notebook_is_only_found_wanting(self):
        self.assertIn("has no outputs", said(book()))


class Chapters(unittest.TestCase):
    LOOP = code("for (var batch : batches) {\n    loss(batch).backward();\n}")

    def chapter(self, number, *cells):
        return said(book(markdown(f"# {number} A chapter"), code(check.FIRST_CELL), *cells, code('check("1", true)', PNG, TABLE), markdown("What to see.")))

    def tagged(self, tag, source="int H = 64;"):
        return dict(code(source), metadata={"tags": [tag]})

    def test_a_chapter_that_has_all(self):
        cells = [self.tagged("settings"), self.tagged("equation", 'checkEqual("equal", a, b)'), self.tagged("own"), self.LOOP]
        self.assertEqual(self.chapter("06", *cells), [])
        for left_out in range(4):
            self.assertGreaterEqual(len(self.chapter("06", *cells[:left_out], *cells[left_out + 1:])), 1, left_out)

    def test_an_equation_that_nothing_compares(self):
        cells = [self.tagged("settings"), self.tagged("equation", "h.tanh()"), self.LOOP]
        self.assertEqual(self.chapter("03", *cells), ['no cell with the tag "equation" implements it or checks it against the library'])

    def test_a_chart_that_nobody_reads(self):
        found = self.chapter("01", self.tagged("settings"), self.LOOP, code("chart", PNG))
        self.assertEqual(found, ["a chart without a reading: text must follow it"])

    def test_a_line_that_the_report_cuts_off(self):
        wide = code("x" * 111)
        self.assertEqual(said(book(code(check.FIRST_CELL), wide, code("check(1)", PNG, TABLE))), ["a line of 111 columns; the report shows 110"])
        self.assertEqual(said(book(code(check.FIRST_CELL), code("x" * 110), code("check(1)", PNG, TABLE))), [])

    def test_tex_in_a_title(self):
        for title in ("$h_t$", "W^{T}", r"\\sigma"):
            found = said(book(code(check.FIRST_CELL), code(f'Charts.lines("{title}", "t", "y"); check(1)', PNG, TABLE)))
            self.assertEqual(found, [f"TeX in the title of a chart: {title}"])
        self.assertEqual(said(book(code(check.FIRST_CELL), code('Charts.lines("‖∂L/∂h_t‖ for σ = 2", "t", "y"); check(1)', PNG, TABLE))), [])


class Seen(unittest.TestCase):
    def test_a_picture_needs_words(self):
        for metadata in ({}, {"image/png": {"width": 680}}, {"image/png": {"alt": " "}}, {"image/png": 1}):
            self.assertEqual(len(said(book(code(check.FIRST_CELL), code("check(1)", PNG, dict(PNG, metadata=metadata), TABLE)))), 1, metadata)

    def test_a_picture_within_html(self):
        html = {"output_type": "display_data", "metadata": {}, "data": {"text/html": '<table></table><img src="data:image/png;base64,iV">'}}
        self.assertEqual(said(book(code(check.FIRST_CELL), code("check(1)", PNG, html))), ["shows a picture within HTML, where GitHub leaves it out"])


class Exercises(unittest.TestCase):
    def found(self, source):
        before = code('check("1", true); System.out.println(1)', PNG, TABLE)
        return check.findings(book(code(check.FIRST_CELL), before, markdown("Text.\n\n## Exercises\n\n1. Add."), code("int mine() { return 0; }"), code(source)))

    def test_a_printed_verdict_would_pass(self):
        found = self.found('if (mine() == 0) System.out.println("Exercise 1: nothing yet"); else check("right", mine() == 2)')
        self.assertEqual([(4, True)], [(number, "exercise(…)" in text) for number, text in found])

    def test_a_check_does_not(self):
        self.assertEqual(self.found('exercise("Exercise 1", () -> checkEqual("right", mine(), 2))'), [])

    def test_the_notebooks_print_none(self):
        for path in notebook.known():
            self.assertEqual(list(check.unfinished(notebook.read(path))), [], path.stem)


class MachinePaths(unittest.TestCase):
    def found(self, text):
        return list(check.machine_paths(text, "/srv/clone"))

    def test_paths_of_one_machine(self):
        for text, path in (("saved /ho" "me/ada/run.npz.", "/ho" "me/ada/run.npz."), ("(/t" "mp/x)", "/t" "mp/x"), ("file:///Users/ada/x", "/Users/ada/x"),
                           (r"C:\Users\Ada\x", r"C:\Users\Ada\x"), ("at /srv/clone/a", "/srv/clone")):
            self.assertEqual(self.found(text), [path])

    def test_what_only_looks_like_one(self):
        for text in ("https://example.org/ho" "me/ada", "runs/t" "mp/x", "a/b", "../t" "mp/x", "and /or"):
            self.assertEqual(self.found(text), [])
