import copy
import json
import tempfile
import unittest
from pathlib import Path

from runner import notebook
from runner.problem import Problem
from tests.books import PNG, book, code, good, markdown, stream

NAMES = [Path("01-quickstart.ipynb"), Path("06-language-modeling.ipynb"), Path("10-captions.ipynb"), Path("06b-words.ipynb")]


class Selection(unittest.TestCase):
    def test_no_names_mean_all(self):
        self.assertEqual(notebook.select([], NAMES), NAMES)

    def test_prefixes_names_and_paths_give_each_notebook_once_in_reading_order(self):
        chosen = notebook.select(["06-language-modeling", "notebooks/01-quickstart.ipynb", "01"], NAMES)
        self.assertEqual(chosen, NAMES[:2])

    def test_a_prefix_may_mean_several(self):
        self.assertEqual(notebook.select(["06"], NAMES), [NAMES[1], NAMES[3]])

    def test_an_unknown_name_lists_the_known_ones(self):
        with self.assertRaises(Problem) as raised:
            notebook.select(["07"], NAMES)
        self.assertIn("'07'", str(raised.exception))
        self.assertIn("10-captions", str(raised.exception))
        self.assertEqual(raised.exception.status, 2)

    def test_an_empty_name_is_unknown(self):
        with self.assertRaises(Problem):
            notebook.select([""], NAMES)


class Reading(unittest.TestCase):
    def test_lists_of_lines_become_texts(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "n.ipynb")
            path.write_text(notebook.dumps(good()), encoding="utf-8")
            self.assertEqual(notebook.read(path), good())

    def test_what_is_no_notebook_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            for content in ("", "[1]", '{"nbformat": 3}', '{"nbformat": 4'):
                path = Path(folder, "n.ipynb")
                path.write_text(content, encoding="utf-8")
                with self.assertRaises(Problem, msg=content) as raised:
                    notebook.read(path)
                self.assertIn("n.ipynb", str(raised.exception))


    def test_what_is_damaged_is_named_with_its_cell(self):
        def read(cells, **more):
            path = Path(folder, "n.ipynb")
            path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": cells, **more}), encoding="utf-8")
            return notebook.read(path)
        with tempfile.TemporaryDirectory() as folder:
            cell = {"cell_type": "code", "source": "1"}
            outputs = [[1], [{}], {"a": 1}, [{"output_type": 1}], [{"output_type": "stream", "text": 3}], [{"output_type": "stream", "name": []}],
                       [{"output_type": "display_data", "data": []}], [{"output_type": "display_data", "data": {"text/html": [1]}}],
                       [{"output_type": "display_data", "data": {"image/png": {}}}], [{"output_type": "error", "traceback": [1]}],
                       [{"output_type": "error", "evalue": None}]]
            for wrong in ({}, 1, None, {"cell_type": None}, {**cell, "source": 3}, {**cell, "source": [1]}, {**cell, "metadata": []},
                          {**cell, "outputs": None}, *({**cell, "outputs": o} for o in outputs)):
                with self.assertRaises(Problem, msg=wrong) as raised:
                    read([cell, wrong])
                self.assertIn("cell 2", str(raised.exception))
            with self.assertRaises(Problem):
                read([cell], metadata=[])
            Path(folder, "n.ipynb").write_text('{"nbformat": 4, "cells": ' + "[" * 100_000, encoding="utf-8")
            with self.assertRaises(Problem):
                notebook.read(Path(folder, "n.ipynb"))
            self.assertEqual(read([{**cell, "outputs": [{"output_type": "stream"}]}])["cells"][0]["outputs"][0]["text"], "")


class Headlines(unittest.TestCase):
    def test_the_question_is_the_paragraph_after_its_mark(self):
        nb = book(markdown("# T\n\nFirst."), markdown("**Question.** How *fast*\ndoes `x` [forget](u)?\n\nNot this."))
        self.assertEqual(notebook.question(nb), "How fast does x forget?")

    def test_without_a_mark_the_first_sentence_of_prose_stands_in(self):
        self.assertEqual(notebook.question(book(markdown("# T\n\nIt forgets. Why?"))), "It forgets.")
        self.assertEqual(notebook.question(book(markdown("# Only a title"))), "Only a title")
        self.assertEqual(notebook.question(book(code("1"))), "")

    def test_the_result_is_the_last_claim_that_held(self):
        nb = book(code("a", stream("✓ first\nloss 2\n")), code("b", stream("✓ second\nbye\n")))
        self.assertEqual(notebook.result(nb), "✓ second (2 claims held)")
        self.assertEqual(notebook.result(book(code("a", stream("✓ only\n")))), "✓ only")
        self.assertEqual(notebook.result(book(code("a", stream("no claim ✓\n")))), "")

    def test_the_first_chart_has_no_line_breaks(self):
        self.assertEqual(notebook.first_chart(good())[0], "iVBORw0KGgo=")
        self.assertIsNone(notebook.first_chart(book(code("1"))))


class Streams(unittest.TestCase):
    def test_neighbouring_pieces_are_joined_and_keep_their_place(self):
        nb = book(code("x", stream("a"), stream("b\n"), PNG, stream("c"), stream("e", "stderr"), stream("f", "stderr")))
        notebook.merge_streams(nb)
        self.assertEqual(nb["cells"][0]["outputs"], [stream("ab\n"), PNG, stream("c"), stream("ef", "stderr")])


class Commit(unittest.TestCase):
    def test_times_and_versions_are_left_out(self):
        nb = good()
        nb["metadata"]["language_info"] = {"name": "Java", "version": "17.0.15+6"}
        nb["metadata"]["unroll"]["seconds"] = 3.2
        nb["cells"][1]["metadata"] = {"execution": {"iopub.status.busy": "2026"}, "tags": ["keep"]}
        written = notebook.dumps(notebook.for_commit(nb))
        for gone in ("17.0.15", "seconds", "iopub"):
            self.assertNotIn(gone, written)
        self.assertIn("keep", written)

    def test_counts_start_at_one(self):
        nb = good()
        result = {"output_type": "execute_result", "metadata": {}, "execution_count": 9, "data": {"text/plain": "3"}}
        nb["cells"][2].update(execution_count=9, outputs=[result])
        committed = notebook.for_commit(nb)
        self.assertEqual([c["execution_count"] for c in notebook.code_cells(committed)], [1, 2, 3])
        self.assertEqual(committed["cells"][2]["outputs"][0]["execution_count"], 2)

    def test_the_machines_folders_and_object_addresses_are_replaced(self):
        said = f"{notebook.NOTEBOOKS}/runs/a in {notebook.ROOT} and {Path.home()}/x: BufferedImage@c5e537c"
        self.assertEqual(notebook.portable(said), "./runs/a in .. and ~/x: BufferedImage")
        self.assertEqual(notebook.portable("9 steps, completed after 1:05 min\n"), "9 steps, completed\n")
        beside = str(notebook.ROOT) + "-other"
        self.assertNotIn("..-other", notebook.portable(beside))

    def test_the_text_is_the_same_whatever_order_the_keys_came_in(self):
        nb = good()
        turned = json.loads(json.dumps(nb), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
        self.assertEqual(notebook.dumps(nb), notebook.dumps(turned))
        self.assertTrue(notebook.dumps(nb).endswith("}\n"))

    def test_the_executed_notebook_itself_is_left_alone(self):
        nb = good()
        before = copy.deepcopy(nb)
        notebook.for_commit(nb)
        self.assertEqual(nb, before)

    def test_the_hash_sees_sources_and_nothing_else(self):
        nb = good()
        before = notebook.source_hash(nb)
        nb["cells"][2]["outputs"], nb["metadata"] = [], {}
        self.assertEqual(notebook.source_hash(nb), before)
        nb["cells"][2]["source"] += " "
        self.assertNotEqual(notebook.source_hash(nb), before)


class Writing(unittest.TestCase):
    def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "f")
            notebook.write_aside(path, "old")
            with self.assertRaises(UnicodeEncodeError):
                notebook.write_aside(path, "new \ud800")
            self.assertEqual(path.read_text(encoding="utf-8"), "old")
            self.assertEqual([p.name for p in Path(folder).iterdir()], ["f"])
