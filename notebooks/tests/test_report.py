import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from runner import environment, notebook, report
from tests.books import PNG, book, code, good, markdown, stream
from tests.pages import faults


class Index(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.source = self.folder / "notebooks" / "01-a.ipynb"
        notebook.write_aside(self.source, notebook.dumps(good()))
        patch = mock.patch.object(report, "REPORTS", self.folder)
        patch.start()
        self.addCleanup(patch.stop)

    def index(self, nb=None, **record):
        if nb:
            nb["metadata"]["unroll"] = {"status": "passed", "seconds": 75.2, **record}
            notebook.write_aside(self.folder / "01-a.ipynb", notebook.dumps(nb))
        report.write_index([self.source])
        return (self.folder / "index.html").read_text(encoding="utf-8")

    def test_a_row_tells_question_result_time_status_and_shows_the_chart(self):
        page = self.index(good())
        for part in ("How fast?", "✓ one is one", "1 min 15 s", ">passed<", "data:image/png;base64,iVBORw0KGgo=", 'href="01-a.html"'):
            self.assertIn(part, page)

    def test_the_index_lacks_nothing(self):
        described = dict(PNG, metadata={"image/png": {"alt": 'Line chart: "Loss" < 2'}})
        page = self.index(book(markdown("**Question.** How?"), code("1", described)))
        self.assertEqual(faults(page), [])
        self.assertIn('alt="Line chart: &quot;Loss&quot; &lt; 2"', page)

    def test_text_of_a_notebook_is_no_html(self):
        page = self.index(book(markdown("**Question.** <b>?"), code("1", PNG, stream('✓ "<script>"\n'))))
        self.assertIn("&lt;b&gt;?", page)
        self.assertNotIn("<script>", page)

    def test_a_failure_is_shown_with_its_cell(self):
        page = self.index(good(), status="failed", failure="cell 2 of 3: E: <no>")
        self.assertIn("cell 2 of 3: E: &lt;no&gt;", page)
        self.assertIn('class="failed"', page)

    def test_a_notebook_without_report_is_listed_with_its_question(self):
        page = self.index()
        self.assertIn("not run yet", page)
        self.assertIn("How fast?", page)

    def test_half_a_report_counts_as_none(self):
        (self.folder / "01-a.ipynb").write_text("{", encoding="utf-8")
        self.assertIn("not run yet", self.index())


    def test_a_damaged_report_counts_as_none_too(self):
        for damaged in ({"cells": [{}]}, {"metadata": {"unroll": "status"}}, {"metadata": {"unroll": {"status": "passed", "seconds": "x"}}},
                        {"metadata": {"unroll": {"status": "passed", "executed": 3}}}):
            (self.folder / "01-a.ipynb").write_text(json.dumps({"nbformat": 4, "cells": [], **damaged}), encoding="utf-8")
            self.assertIn("not run yet", self.index(), damaged)

    def test_a_damaged_notebook_is_told_in_its_row(self):
        self.source.write_text('{"nbformat": 4, "cells": [{}]}', encoding="utf-8")
        self.assertIn("cell 1 has no cell_type", self.index())

    def test_a_link_leads_to_a_file_whatever_its_name(self):
        self.source = self.source.with_name("01-a#b? %41&.ipynb")
        notebook.write_aside(self.source, notebook.dumps(good()))
        nb = good()
        nb["metadata"]["unroll"] = {"status": "passed", "seconds": 1}
        notebook.write_aside(self.folder / self.source.name, notebook.dumps(nb))
        self.assertIn('href="01-a%23b%3F%20%2541%26.html"', self.index())


class KernelEnvironment(unittest.TestCase):
    def test_java_home_comes_first_in_the_path(self):
        env = environment.kernel_environ({"PATH": "/bin", "JAVA_HOME": "/jdk"}, full=False)
        self.assertTrue(env["PATH"].startswith(str(Path("/jdk/bin"))), env["PATH"])
        self.assertNotIn("UNROLL_SCALE", env)

    def test_options_of_the_user_are_kept(self):
        env = environment.kernel_environ({"JJAVA_JVM_OPTS": "-Xmx9g", "GOMP_SPINCOUNT": "7"}, full=True)
        self.assertTrue(env["JJAVA_JVM_OPTS"].endswith(" -Xmx9g"))
        self.assertEqual((env["GOMP_SPINCOUNT"], env["UNROLL_SCALE"]), ("7", "full"))
