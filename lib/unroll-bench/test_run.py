"""Tests of the comparison itself, with peers that answer at once: python3 -m unittest discover lib/unroll-bench"""
import argparse
import pathlib
import sys
import tempfile
import unittest

import results
import run

ONCE = argparse.Namespace(rounds=2, seconds=1, threads=2)


def answering(name, median, best=0.5, workload="layer", status=0):
    """A side that prints this figure."""
    line = f'{{{{"workload": "{workload}", "median_ms": {median}, "best_ms": {best}, "rounds": 9, "threads": 2}}}}'
    return run.Side(name, [sys.executable, "-c", f"print('{line}'); raise SystemExit({status})"])


class Comparison(unittest.TestCase):
    def test_ratio_takes_the_better_torch_median(self):
        row, failures = run.compare("layer", [answering(results.OURS, 2.0), answering(results.TORCH, 9.0),
                                              answering(results.TORCH_TUNED, 5.0)], ONCE)
        self.assertEqual(failures, [])
        self.assertEqual(results.ratio(row), "**2.50**")

    def test_unknown_workload_leaves_a_dash_and_is_no_failure(self):
        row, failures = run.compare("layer", [answering(results.OURS, 2.0, status=3), answering(results.TORCH, 9.0)], ONCE)
        self.assertEqual(failures, [])
        self.assertEqual(results.ratio(row), "–")
        self.assertIn("| `layer` | – | 9.00 (0.500) | – | – |", results.table([row]).replace(" ⚠", ""))

    def test_a_side_that_crashes_is_named_with_what_it_said(self):
        crash = run.Side(results.OURS, [sys.executable, "-c", "raise SystemExit('native library missing')"])
        row, failures = run.compare("layer", [crash, answering(results.TORCH, 9.0)], ONCE)
        self.assertEqual(failures, ["Unroll, layer: ended with status 1 and says: native library missing"])
        self.assertEqual(list(row["sides"]), [results.TORCH])

    def test_an_answer_about_another_workload_is_refused(self):
        _, failures = run.compare("layer", [answering(results.OURS, 2.0, workload="other")], ONCE)
        self.assertEqual(len(failures), 1)

    def test_output_that_is_not_json_is_refused(self):
        _, failures = run.compare("layer", [run.Side(results.OURS, [sys.executable, "-c", "print('fast')"])], ONCE)
        self.assertIn("expected one JSON line but got 'fast", failures[0])


class Table(unittest.TestCase):
    def test_measuring_again_replaces_the_row_and_keeps_the_others(self):
        with tempfile.TemporaryDirectory() as folder:
            for workload, median in (("a", 1.0), ("b", 2.0), ("a", 3.0)):
                row = {"workload": workload, "rounds": 5, "threads": 2, "date": "2026-01-01", "other_work": 0.0,
                       "sides": {results.OURS: {"median_ms": median, "best_ms": median}}}
                results.keep(pathlib.Path(folder), {"machine": "one"}, row)
            page = pathlib.Path(folder, results.TABLE).read_text(encoding="utf-8")
        self.assertEqual([page.count(figure) for figure in ("1.00 (1.00)", "2.00 (2.00)", "3.00 (3.00)")], [0, 1, 1])

    def test_a_busy_machine_is_marked(self):
        row = {"workload": "a", "rounds": 5, "threads": 2, "date": "2026-01-01", "other_work": 0.9, "sides": {}}
        self.assertIn("`a` ⚠", results.table([row]))

    def test_three_significant_digits(self):
        self.assertEqual([results.digits(value) for value in (0.65, 17.612, 99.96, 236.4)], ["0.650", "17.6", "100", "236"])


if __name__ == "__main__":
    unittest.main()
