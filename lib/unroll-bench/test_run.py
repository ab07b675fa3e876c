"""Tests of the comparison itself, with peers that answer at once: python3 -m unittest discover lib/unroll-bench"""
import argparse
import contextlib
import dataclasses
import io
import os
import pathlib
import re
import sys
import tempfile
import time
import unittest

import check_crf
import dl4j_java
import endurance
import flops
import growth
import growth_long
import our_java
import results
import run
import scaling
import sides
import spread

ONCE = argparse.Namespace(rounds=2, seconds=1, threads=2)


def answering(name, median, best=0.5, workload="layer", status=0):
    """A side that prints this figure."""
    line = (f'{{{{"workload": "{workload}", "median_ms": {median}, "quartiles_ms": [{median - 0.25}, {median + 0.5}], "best_ms": {best}, '
            f'"rounds": 9, "threads": 2}}}}')
    return sides.Side(name, [sys.executable, "-c", f"print('{line}'); raise SystemExit({status})"])


def side(median):
    return {"median_ms": median, "best_ms": median}


def measured(workload, **figures):
    return {"workload": workload, "rounds": 5, "threads": 2, "date": "2026-01-01", "other_work": 0.0,
            "sides": {name: side(median) for name, median in figures.items()}}


def measuring(median=None, answer=None):
    return run.Measuring(median, answer, 1, 2)


def growth_cost(workload):
    """The lecture's cost as a time."""
    return growth.cost(dict(zip(growth.BASE, map(int, re.findall(r"[A-Z](\d+)", workload)))))


class Comparison(unittest.TestCase):
    def test_ratio_takes_the_better_torch_median(self):
        row, failures = run.compare("layer", [answering(results.OURS, 2.0), answering(results.TORCH, 9.0),
                                              answering(results.TORCH_TUNED, 5.0)], ONCE)
        self.assertEqual(failures, [])
        self.assertEqual(results.ratio(row), "**2.50** (2.50–2.50)")

    def test_unknown_workload_leaves_a_dash_and_is_no_failure(self):
        row, failures = run.compare("layer", [answering(results.OURS, 2.0, status=3), answering(results.TORCH, 9.0)], ONCE)
        self.assertEqual(failures, [])
        self.assertEqual(results.ratio(row), "–")
        self.assertIn("| `layer` | – | 9.00 (8.75–9.50) | – | – | – |", results.table([row]).replace(" ⚠", ""))

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
        self.assertEqual((failures, row["sides"][results.DL4J]), ([], {"median_ms": 8, "best_ms": 7, "medians_ms": [8, 8], "version": "1"}))


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
        self.assertIn("| 2.00 (1.75–2.50) | 2.00 (1.75–2.50) | 2.00 (1.75–2.50) | **1.00** | 2 |", results.section(row))

    def test_much_more_than_twice_as_long_is_marked(self):
        for slower, shown in ((4.4, "**2.20** |"), (4.5, "**2.25** ⚠ |")):
            row = {**measured("layer"), "kind": results.TWO_AT_ONCE, "alone": side(2.0), "together": [side(4.0), side(slower)]}
            self.assertIn(shown, results.section(row))

    def test_an_unknown_workload_is_an_error(self):
        with self.assertRaisesRegex(sides.PeerFailure, "does not know the workload nonsense"):
            run.two_at_once("nonsense", answering(results.OURS, 2.0, status=3), ONCE)


class Build(unittest.TestCase):
    """With a Maven that answers at once, in a copy of the folders."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for path in ("pom.xml", "datasets/catalogue.json", "lib/unroll/src/main/java/A.java", "lib/unroll-bench/src/main/java/B.java",
                     "lib/unroll-bench/pom.xml"):
            self.put(path, 100)
        for path in sorted(self.root.rglob("*"), reverse=True):
            os.utime(path, (100, 100))

    def put(self, name, time):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"PK\5\6" + bytes(18) if name.endswith(".jar") else b"")        # an empty archive
        os.utime(path, (time, time))

    def make(self):
        for path in ("lib/kit/unroll-0.1.0.jar", "lib/unroll-bench/target/unroll-bench-0.1.0.jar", "lib/unroll-bench/target/classes/A.class",
                     "lib/unroll-bench/target/jmh/jmh.jar"):
            self.put(path, 200)

    def test_a_fresh_clone_is_not_current(self):
        self.assertFalse(our_java.is_current(self.root))

    def test_a_build_is_current_until_a_source_of_the_library_or_of_the_benchmark_changes(self):
        for changed in ("lib/unroll/src/main/java/A.java", "lib/unroll-bench/src/main/java/B.java", "lib/unroll-bench/pom.xml"):
            self.make()
            self.assertTrue(our_java.is_current(self.root), changed)
            self.put(changed, 300)
            self.assertFalse(our_java.is_current(self.root), changed)
            self.put(changed, 100)

    def test_a_library_without_the_benchmark_is_not_current(self):
        self.put("lib/kit/unroll-0.1.0.jar", 200)
        self.assertFalse(our_java.is_current(self.root))

    def test_no_build_no_figures(self):
        """The whole command: it ends with a status and the reason, and times nobody."""
        def broken():
            raise our_java.Problem("Maven could not build lib/kit")
        build, words = our_java.build, sys.argv
        our_java.build, sys.argv = broken, ["run.py", "layer-lstm"]
        self.addCleanup(lambda: (setattr(our_java, "build", build), setattr(sys, "argv", words)))
        with self.assertRaises(SystemExit) as ended:
            run.main()
        self.assertIn("Maven could not build lib/kit", str(ended.exception.code))


class Spread(unittest.TestCase):
    def test_a_side_has_the_medians_of_medians_and_quartiles(self):
        rounds = [{"median_ms": m, "quartiles_ms": [m - 1, m + 2], "best_ms": m - 2, "allocated_mb": m / 10} for m in (5.0, 9.0, 6.0)]
        self.assertEqual(spread.summary(rounds), {"median_ms": 6.0, "quartiles_ms": [5.0, 8.0], "best_ms": 3.0, "allocated_mb": 0.6,
                                                  "medians_ms": [5.0, 9.0, 6.0]})

    def test_an_interval_is_as_wide_as_few_values_go_and_leaves_outer_ones_of_many_out(self):
        self.assertEqual(spread.interval([3, 1, 2, 5, 4]), (1, 5))                          # 94 %; from 2 to 4 it would be 63 %
        self.assertEqual(spread.interval([8, 1, 2, 3, 4, 5, 6, 7]), (2, 7))                 # 93 %
        self.assertEqual(spread.interval(list(range(1, 12))), (3, 9))                       # 93.5 %
        self.assertIsNone(spread.interval([1]))

    def test_the_rounds_are_compared_one_by_one(self):
        ours = {"median_ms": 2, "medians_ms": [1, 2, 4]}
        self.assertEqual(spread.quotient({"median_ms": 4, "medians_ms": [2, 4, 8]}, ours), (2, (2, 2)))

    def test_a_ratio_whose_interval_holds_one_is_level(self):
        for theirs, said in (([1.9, 2.1, 2.2], "level, 1.05 (0.95–1.10)"), ([2.1, 2.2, 2.4], "**1.10** (1.05–1.20)"),
                             ([1.0, 1.2, 1.9], "**0.60** (0.50–0.95)")):
            row = measured("layer", Unroll=2.0, PyTorch=sorted(theirs)[1])
            row["sides"]["Unroll"]["medians_ms"] = [2.0] * 3
            row["sides"]["PyTorch"]["medians_ms"] = theirs
            self.assertEqual(results.ratio(row), said)

    def test_rows_from_before_the_rounds_were_kept_have_no_interval(self):
        self.assertEqual(results.ratio(measured("layer", Unroll=2.0, PyTorch=2.0)), "**1.00**")


class Limit(unittest.TestCase):
    def test_operations_counted_by_hand(self):
        # a step of 16 rows: 16 (32 + 64) 256 multiplications; 32 steps; additions; forward and two gradients
        self.assertEqual(flops.of("layer-lstm-B16-T32-I32-H64"), 393_216 * 32 * 2 * 3)
        self.assertEqual(flops.of("layer-gru-B16-T32-I32-H64") * 4, flops.of("layer-lstm-B16-T32-I32-H64") * 3)
        self.assertEqual(flops.of("handwritten-lstm-cell-B16-T32-I32-H64"), flops.of("layer-lstm-B16-T32-I32-H64"))
        # 6,400 characters: (64 + 256) 1024 and (256 + 256) 1024 for the layers, 256 x 65 for the output
        self.assertEqual(flops.of("char-lm-step-H256x2-B64-T100"), 6_400 * (327_680 + 524_288 + 16_640) * 2 * 3)
        self.assertEqual(flops.of("char-lm-step-H128-B32-T64"), 2_048 * ((32 + 128) * 512 + 128 * 65) * 6)
        self.assertEqual(flops.of("word-lm-step-V10000-H200x2-B20-T35"), 700 * (2 * 400 * 800 + 200 * 10_000) * 6)
        self.assertEqual(flops.of("generate-64-texts-200-chars-H256x2"), 64 * flops.of("generate-200-chars-H256x2"))
        self.assertEqual(flops.of("evaluate-100k-chars-H256x2"), 100_000 * (327_680 + 524_288 + 16_640) * 2)
        self.assertEqual(flops.of("layer-mingru-B8-L1024-H128"), 8_192 * 128 * 256 * 6)
        self.assertEqual(flops.of("layer-h3-B8-L1024-d128-M64-N64"), 4 * 8_192 * 128 * 128 * 6)

    def test_an_encoder_and_a_decoder_counted_by_hand(self):
        H, B, T, V = 256, 32, 20, 4000
        multiplications = (2 * B * T * 2 * H * 3 * H                        # two layers
                           + B * H * H + B * T * H * H                      # first state, keys
                           + 2 * B * T * T * H + B * T * 2 * H * H + B * T * H * V)
        self.assertEqual(flops.of("step-seq2seq-attention-GRU256-B32-T20-V4000"), 6 * multiplications)
        steps = 64 + 19 * 512                                               # the first from one beginning, then from eight
        searched = (64 * 20 * 2 * H * 3 * H + 64 * H * H + 64 * 20 * H * H
                    + steps * (2 * H * 3 * H + 2 * 20 * H + 2 * H * H + H * V))
        self.assertEqual(flops.of("beam-8-64-sentences-GRU256-T20-V4000"), 2 * searched)

    def test_convolutions_counted_by_hand(self):
        strided = (2 * 32 * 32 * 32 * 27 * 32 + 3 * 32 * 16 * 16 * 288 * 64 + 3 * 32 * 8 * 8 * 576 * 64)
        pooled = (2 * 32 * 64 * 64 * 27 * 32 + 3 * 32 * 32 * 32 * 288 * 64 + 3 * 32 * 16 * 16 * 576 * 64)
        decoder = 3 * (32 * 64 * 512 + 32 * 12 * (512 * 1024 + 256 * 500))
        self.assertEqual(flops.of("step-captioner-64x64-conv32-64-64-LSTM256-B32-T12-V500"), 2 * (strided + decoder))
        self.assertEqual(flops.of("step-captioner-pooled-64x64-conv32-64-64-LSTM256-B32-T12-V500"), 2 * (pooled + decoder))

    def test_what_has_no_products_has_no_limit(self):
        for workload in ("crf-nll-K17-B32-T30", "layer-s4d-B8-H128-N64-L1024", "ngram-count-order5-1000k-chars",
                         "cold-start-char-lm-step-H128-B32-T64"):
            self.assertIsNone(flops.of(workload))
        self.assertEqual(results.limits(measured("layer-s4d-B8-H128-N64-L1024", Unroll=2.0, PyTorch=3.0)), "–")

    def test_the_share_is_the_products_time_over_the_whole(self):
        row = {**measured("layer-lstm-B16-T32-I32-H64", Unroll=0.5, PyTorch=1.0), "limit_gflops": 302.0}     # 0.25 ms
        self.assertEqual(results.limits(row), "50 %, 25 %")
        self.assertEqual(results.limits({**row, "limit_gflops": None}), "–")
        self.assertIn("The limit: 302 to 410 GFLOP/s", results.table([row, {**row, "limit_gflops": 410.0}]))


class OurSide(unittest.TestCase):
    def test_allocation_and_evenness_stand_in_a_table_of_their_own(self):
        row = measured("layer", Unroll=2.0)
        row["sides"]["Unroll"] = {"median_ms": 2.0, "best_ms": 1.6, "quartiles_ms": [1.8, 2.4], "allocated_mb": 12.34, "medians_ms": [2.0, 2.0]}
        self.assertIn("| `layer` | 1.25 | 12.3 |", results.our_table([row]))
        self.assertEqual(results.our_table([measured("layer", Unroll=2.0)]), "")


class ColdStart(unittest.TestCase):
    def test_a_process_is_timed_up_to_its_first_line(self):
        slow = sides.Side(results.OURS, [sys.executable, "-c", "import time; print('{{}}', flush=True); time.sleep(0.4)"])
        began = time.monotonic()
        figures = slow.measure("cold-start-x", 1, 2)
        whole = time.monotonic() - began
        self.assertLessEqual(sides.COLD_STARTS * (figures["best_ms"] / 1000 + 0.4), whole)         # the sleep is not in it
        self.assertLessEqual(figures["best_ms"], figures["median_ms"])

    def test_a_side_that_does_not_know_it_or_fails_is_told_apart(self):
        self.assertIsNone(answering(results.OURS, 2.0, status=3).measure("cold-start-x", 1, 2))
        with self.assertRaisesRegex(sides.PeerFailure, "no model"):
            sides.Side(results.OURS, [sys.executable, "-c", "raise SystemExit('no model')"]).measure("cold-start-x", 1, 2)


class Scaling(unittest.TestCase):
    def rows(self, slower):
        def median(workload, threads):
            return {1: 10.0, 2: 5.5, 4: 5.5, 8: 5.5 * slower}[threads]
        return scaling.measure(measuring(median, lambda name, workload, seconds, *threads: {str(n): 0.1 + 0.9 / n for n in threads}))

    def test_the_projection_stands_beside_the_measurement_with_its_serial_share(self):
        page = scaling.table(self.rows(1.0))
        self.assertIn("| `generate-200-chars-H256x2` | 10 | **1.82** | *1.82* | *3.08* | *4.71* | *6.40* | 10.0 % |", page)
        self.assertNotIn("⚠ |", page)

    def test_many_more_threads_than_cores_must_not_be_slow(self):
        self.assertIn("| 5.5 | 1.00 | 1.16 ⚠ |", scaling.table(self.rows(1.16)))

    def test_threads_are_those_of_the_cores_and_then_more(self):
        self.assertEqual(scaling.counts(2), ([1, 2], [4, 8]))
        self.assertEqual(scaling.counts(6), ([1, 2, 4, 6], [12, 24]))
        self.assertEqual(scaling.counts(1), ([1], [2, 4]))


class Endurance(unittest.TestCase):
    def row(self, native=1e6, left=0, resident=2e8):
        points = [{"after": 1000 * i, "heap": 5e6, "native": native if i == 10 else 1e6, "resident": 2e8} for i in range(1, 11)]
        before, half, after = ({"after": n, "heap": 5e6, "native": size, "resident": whole}
                               for n, size, whole in ((0, 0, 1e8), (2500, 0, 2e8), (5000, left, resident)))
        return endurance.measure(measuring(answer=lambda *words: {"steps": points, "layers": [before, {"most": 3e8}, half, after],
                                                                  "count": 5000}))

    def test_flat_memory_has_no_mark(self):
        page = endurance.table(self.row())
        self.assertIn("| 10,000 | 5.00 | 1.00 | 200.00 |", page)
        self.assertIn("| last over the first | 1.00 | 1.00 | 1.00 |", page)
        self.assertIn("5,000 LSTM layers", page)
        self.assertNotIn("⚠ ", page.replace("with ⚠.", ""))

    def test_memory_that_grows_or_stays_is_marked(self):
        self.assertIn("| last over the first | 1.00 | 1.20 ⚠ | 1.00 |", endurance.table(self.row(native=1.2e6)))
        self.assertIn("50.00 MB ⚠ after", endurance.table(self.row(left=5e7)))
        self.assertIn("230 MB ⚠ at the end", endurance.table(self.row(resident=2.3e8)))


class Growth(unittest.TestCase):
    def test_exponents_of_powers_are_found(self):
        self.assertAlmostEqual(growth.exponent([2, 4, 8, 16], [3 * size ** 1.5 for size in (2, 4, 8, 16)]), 1.5)

    def test_every_point_is_measured_once_and_the_cost_itself_has_the_expected_exponents(self):
        asked = []

        def cost(workload):
            asked.append(workload)
            return growth_cost(workload)

        row = growth.measure(measuring(cost, lambda name, B, T, *sizes, options: {"allocated": 1, "kept": 900 * T, "off_heap": 100 * T}))
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

        long_run = {"steps": 10 ** 6, "piece": 8192, "heap": 48 << 20, "step_by_step": 4.0, "in_pieces": 2.0, "difference": 2e-6}
        page = growth_long.table(growth_long.measure(measuring(cost, lambda *words, options: long_run)))
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

    def test_what_users_wait_for_is_a_group(self):
        lines = self.lines(measured("generate-200-chars", Unroll=2.0, PyTorch=3.0), measured("char-lm-step", Unroll=2.0, PyTorch=3.0))
        self.assertEqual([line.split("\t")[0] for line in lines], ["What users wait for", "Language models"])

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
                results.keep(pathlib.Path(folder), {"machine": "one"}, measured(workload, Unroll=median))
            page = pathlib.Path(folder, results.TABLE).read_text(encoding="utf-8")
        self.assertEqual([page.count(figure) for figure in (" 1.00 ", " 2.00 ", " 3.00 ")], [0, 1, 1])

    def test_dl4j_has_columns_where_it_was_measured(self):
        with_dl4j = measured("a", Unroll=2.0, DL4J=9.0)
        with_dl4j["sides"]["DL4J"]["version"] = "1.0"
        page = results.table([with_dl4j, measured("b", Unroll=2.0, PyTorch=3.0)])
        self.assertIn("| `a` | 2.00 | – | – | 9.00 | – | **4.50** |", page)
        self.assertIn("| `b` | 2.00 | 3.00 | – | – | **1.50** | – |", page)
        self.assertIn("DL4J 1.0, its `LSTM`", page)
        self.assertNotIn("DL4J", results.table([measured("b", Unroll=2.0, PyTorch=3.0)]))

    def test_kinds_of_rows_stand_beside_each_other(self):
        growing = growth.measure(measuring(growth_cost, lambda name, B, T, *sizes, options: {"allocated": 9, "kept": 5 * T, "off_heap": 3}))
        rows = [measured("a", Unroll=2.0, PyTorch=3.0), {**measured("a"), "kind": results.TWO_AT_ONCE, "alone": side(2.0), "together": [side(4.0)] * 2},
                {**measured("rnn-with-output"), "kind": "growth", **growing}]
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
