"""Tests of the comparison itself, with peers that answer at once: python3 -m unittest discover lib/unroll-bench"""
import argparse
import contextlib
import io
import pathlib
import re
import sys
import tempfile
import unittest

import check_crf
import dl4j_java
import growth
import growth_long
import results
import run
import sides

ONCE = argparse.Namespace(rounds=2, seconds=1, threads=2)


def answering(name, median, best=0.5, workload="layer", status=0):
    """A side that prints this figure."""
    line = f'{{{{"workload": "{workload}", "median_ms": {median}, "best_ms": {best}, "rounds": 9, "threads": 2}}}}'
    return sides.Side(name, [sys.executable, "-c", f"print('{line}'); raise SystemExit({status})"])


def side(median):
    return {"median_ms": median, "best_ms": median}


def measured(workload, **figures):
    return {"workload": workload, "rounds": 5, "threads": 2, "date": "2026-01-01", "other_work": 0.0,
            "sides": {name: side(median) for name, median in figures.items()}}


def growth_cost(workload):
    """The lecture's cost as a time."""
    return growth.cost(dict(zip(growth.BASE, map(int, re.findall(r"[A-Z](\d+)", workload)))))


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
        crash = sides.Side(results.OURS, [sys.executable, "-c", "raise SystemExit('native library missing')"])
        row, failures = run.compare("layer", [crash, answering(results.TORCH, 9.0)], ONCE)
        self.assertEqual(failures, ["Unroll, layer: ended with status 1 and says: native library missing"])
        self.assertEqual(list(row["sides"]), [results.TORCH])

    def test_an_answer_about_another_workload_is_refused(self):
        _, failures = run.compare("layer", [answering(results.OURS, 2.0, workload="other")], ONCE)
        self.assertEqual(len(failures), 1)

    def test_output_that_is_not_json_is_refused(self):
        _, failures = run.compare("layer", [sides.Side(results.OURS, [sys.executable, "-c", "print('fast')"])], ONCE)
        self.assertIn("expected one JSON line but got 'fast", failures[0])

    def test_java_says_what_was_wrong_first_and_python_last(self):
        self.assertEqual(sides.reason("Exception in thread \"main\" a.B: no memory\n\tat c.D\n"), 'Exception in thread "main" a.B: no memory')
        self.assertEqual(sides.reason("Traceback\n  File\nValueError: no\n"), "ValueError: no")

    def test_maven_says_first_what_was_wrong(self):
        self.assertEqual(dl4j_java.first_error("\x1b[0m[ERROR] \n\x1b[0m[ERROR] Plugin not found\n[ERROR] Help\n"), "Plugin not found")
        self.assertEqual(dl4j_java.first_error("BUILD SUCCESS\n"), "nothing")

    def test_what_a_side_says_beside_its_answer_does_not_matter(self):
        noisy = sides.Side(results.DL4J, [sys.executable, "-c", "import sys; print('warning', file=sys.stderr); "
                           "print('{{\"workload\": \"layer\", \"median_ms\": 8, \"best_ms\": 7, \"threads\": 2, \"version\": \"1\"}}')"])
        row, failures = run.compare("layer", [answering(results.OURS, 2.0), noisy], ONCE)
        self.assertEqual((failures, row["sides"][results.DL4J]), ([], {"median_ms": 8, "best_ms": 7, "version": "1"}))


class Numbers(list):
    """What of NumPy's arrays is used, so that the tests run without it."""

    @property
    def shape(self):
        return (len(self),)

    def __sub__(self, other):
        return Numbers(a - b for a, b in zip(self, other))

    def __abs__(self):
        return Numbers(map(abs, self))

    def max(self):
        return max(self)


class Checks(unittest.TestCase):
    def test_a_check_that_fails_is_a_failure_with_what_it_said(self):
        with tempfile.TemporaryDirectory() as folder:
            script = pathlib.Path(folder, "check.py")
            for status, expected in ((0, []), (1, ["gradients differ"])):
                script.write_text(f"print('gradients differ'); raise SystemExit({status})", encoding="utf-8")
                with contextlib.redirect_stdout(io.StringIO()):
                    self.assertEqual(run.check(sys.executable, script), expected)

    def test_numbers_of_other_shapes_or_sizes_differ(self):
        here = Numbers([1.0, 2.0])
        self.assertEqual(check_crf.difference(here, here), 0)
        self.assertAlmostEqual(check_crf.difference(Numbers([1.0, 1.9]), here), 0.05)
        self.assertEqual(check_crf.difference(Numbers([1.0]), here), float("inf"))


class TwoAtOnce(unittest.TestCase):
    def test_both_figures_stand_in_the_table(self):
        row = run.two_at_once("layer", answering(results.OURS, 2.0), ONCE)
        self.assertIn("| 2.00 (0.500) | 2.00 (0.500) | 2.00 (0.500) | **1.00** | 2 |", results.section(row))

    def test_more_than_three_times_as_long_is_marked(self):
        row = {**measured("layer"), "kind": results.TWO_AT_ONCE, "alone": side(2.0), "together": [side(4.0), side(6.1)]}
        self.assertIn("**3.05** ⚠", results.section(row))

    def test_an_unknown_workload_is_an_error(self):
        with self.assertRaisesRegex(sides.PeerFailure, "does not know the workload nonsense"):
            run.two_at_once("nonsense", answering(results.OURS, 2.0, status=3), ONCE)


class Growth(unittest.TestCase):
    def test_exponents_of_powers_are_found(self):
        self.assertAlmostEqual(growth.exponent([2, 4, 8, 16], [3 * size ** 1.5 for size in (2, 4, 8, 16)]), 1.5)

    def test_every_point_is_measured_once_and_the_cost_itself_has_the_expected_exponents(self):
        asked = []

        def cost(workload):
            asked.append(workload)
            return growth_cost(workload)

        row = growth.measure(cost, lambda sizes: {"allocated": 1, "kept": 900 * sizes["T"], "off_heap": 100 * sizes["T"]})
        self.assertEqual((len(asked), len(set(asked))), (16, 16))
        page = growth.table(row)
        for letter, expected in (("time steps T", "1.00"), ("sequences B", "1.00"), ("inputs d", "0.58"), ("hidden units m", "1.58"),
                                 ("outputs k", "0.58")):
            self.assertRegex(page, rf"\| {letter} \|.*\| {expected} \| \*\*{expected}\*\* \|")
        self.assertIn("Per time step: 1.0 kB, 0.06 kB a sequence; the memory grows with T to the power of 1.00", page)

    def test_names_are_those_that_java_knows(self):
        self.assertEqual(growth.workload(growth.BASE), "rnn-with-output-B16-T32-I64-H64-K64")


class GrowthLong(unittest.TestCase):
    def test_each_layer_has_its_exponent_and_steep_ones_are_marked(self):
        def cost(workload):
            length = int(re.search(r"L(\d+)", workload)[1])
            return length ** (1.2 if "mingru" in workload else 1.1) / 1000

        run = {"steps": 10 ** 6, "piece": 8192, "heap": 48 << 20, "step_by_step": 4.0, "in_pieces": 2.0, "difference": 2e-6}
        page = growth_long.table(growth_long.measure(cost, lambda: run))
        self.assertIn("1,000,000 steps", page)
        lines = page.splitlines()
        marks = {line.split("|")[1].strip(): line.split("|")[4].strip() for line in lines if "`" in line}
        self.assertEqual(marks, {"S4D, by fast Fourier transforms": "**1.10**", "minGRU, a scan": "**1.20** ⚠", "selective scan": "**1.10**"})


class Chart(unittest.TestCase):
    def lines(self, *rows, environment="here"):
        with tempfile.TemporaryDirectory() as folder:
            for row in rows:
                results.keep(pathlib.Path(folder), {"machine": row.pop("machine", "here")}, row)
            return results.chart(pathlib.Path(folder), {"machine": environment}, 2)

    def test_rows_go_group_by_group(self):
        lines = self.lines(*(measured(name, Unroll=2.0, PyTorch=3.0) for name in ("char-lm-step", "layer-gru-a", "layer-lstm-a", "layer-gru-b")))
        self.assertEqual([line.split("\t")[:2] for line in lines], [["LSTM layer", "layer-lstm-a"], ["GRU layer", "layer-gru-a"],
                                                                    ["GRU layer", "layer-gru-b"], ["Language models", "char-lm-step"]])

    def test_a_line_has_the_better_torch_and_dl4j_where_there_is_one(self):
        row = measured("layer-rnn-a", Unroll=2.0, PyTorch=3.0, DL4J=16.0)
        row["sides"][results.TORCH_TUNED] = side(2.5)
        self.assertEqual(self.lines(row), ["RNN layer\tlayer-rnn-a\t1.2500\t8.0000"])
        self.assertEqual(self.lines(measured("layer-rnn-a", Unroll=2.0, PyTorch=3.0)), ["RNN layer\tlayer-rnn-a\t1.5000\t"])

    def test_the_field_has_a_group_of_its_own(self):
        lines = self.lines(measured("char-lm-step", Unroll=2.0, PyTorch=3.0), measured("crf-nll-K17-B32-T30", Unroll=1.0, PyTorch=4.0))
        self.assertEqual(lines[0], "Conditional random field\tcrf-nll-K17-B32-T30\t4.0000\t")

    def test_only_complete_rows_of_this_machine(self):
        other = {**measured("layer-rnn-a", Unroll=2.0, PyTorch=3.0), "machine": "there"}
        self.assertEqual(self.lines(other, measured("layer-rnn-b", Unroll=2.0), measured("layer-rnn-c", PyTorch=2.0)), [])


class Table(unittest.TestCase):
    def test_measuring_again_replaces_the_row_and_keeps_the_others(self):
        with tempfile.TemporaryDirectory() as folder:
            for workload, median in (("a", 1.0), ("b", 2.0), ("a", 3.0)):
                row = {"workload": workload, "rounds": 5, "threads": 2, "date": "2026-01-01", "other_work": 0.0,
                       "sides": {results.OURS: {"median_ms": median, "best_ms": median}}}
                results.keep(pathlib.Path(folder), {"machine": "one"}, row)
            page = pathlib.Path(folder, results.TABLE).read_text(encoding="utf-8")
        self.assertEqual([page.count(figure) for figure in ("1.00 (1.00)", "2.00 (2.00)", "3.00 (3.00)")], [0, 1, 1])

    def test_dl4j_has_columns_where_it_was_measured(self):
        with_dl4j = measured("a", Unroll=2.0, DL4J=9.0)
        with_dl4j["sides"]["DL4J"]["version"] = "1.0"
        page = results.table([with_dl4j, measured("b", Unroll=2.0, PyTorch=3.0)])
        self.assertIn("| `a` | 2.00 (2.00) | – | – | 9.00 (9.00) | – | **4.50** |", page)
        self.assertIn("| `b` | 2.00 (2.00) | 3.00 (3.00) | – | – | **1.50** | – |", page)
        self.assertIn("DL4J 1.0, its `LSTM`", page)
        self.assertNotIn("DL4J", results.table([measured("b", Unroll=2.0, PyTorch=3.0)]))

    def test_kinds_of_rows_stand_beside_each_other(self):
        growing = growth.measure(growth_cost, lambda sizes: {"allocated": 9, "kept": 5 * sizes["T"], "off_heap": 3})
        rows = [measured("a", Unroll=2.0, PyTorch=3.0), {**measured("a"), "kind": results.TWO_AT_ONCE, "alone": side(2.0), "together": [side(4.0)] * 2},
                {**measured("rnn-with-output"), "kind": results.GROWTH, **growing}]
        with tempfile.TemporaryDirectory() as folder:
            for row in rows + rows:
                results.keep(pathlib.Path(folder), {"machine": "one"}, row)
            self.assertEqual(len(results.read(pathlib.Path(folder))), 3)
            page = pathlib.Path(folder, results.TABLE).read_text(encoding="utf-8")
        headings = [line for line in page.splitlines() if line.startswith("#")]
        self.assertEqual(headings, ["# Unroll against PyTorch and DL4J on the CPU", "## one; 2 threads", "## Two processes at once",
                                    "## How the cost grows"])
        self.assertIn("(RESULTS.png)", page)

    def test_a_busy_machine_is_marked(self):
        row = {"workload": "a", "rounds": 5, "threads": 2, "date": "2026-01-01", "other_work": 0.9, "sides": {}}
        self.assertIn("`a` ⚠", results.table([row]))

    def test_three_significant_digits(self):
        self.assertEqual([results.digits(value) for value in (0.65, 17.612, 99.96, 236.4)], ["0.650", "17.6", "100", "236"])


if __name__ == "__main__":
    unittest.main()
