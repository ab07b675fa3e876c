import io
import sys
import unittest
import unittest.mock
from contextlib import redirect_stdout

from runner import cli, environment, progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Lines(unittest.TestCase):
    def test_a_terminal_sees_every_state_in_place(self):
        out = Terminal()
        line = progress.Line(out)
        line.show("cell 1")
        line.end("passed")
        self.assertEqual(out.getvalue(), "\r\x1b[Kcell 1\r\x1b[Kpassed\n")

    def test_a_file_sees_plain_lines(self):
        out = io.StringIO()
        line = progress.Line(out)
        line.show("cell 1")
        line.end("passed")
        self.assertEqual(out.getvalue(), "passed\n")

    def test_durations(self):
        self.assertEqual([progress.duration(s) for s in (0.04, 9.94, 9.96, 59.4, 59.6, 125)],
                         ["0.0 s", "9.9 s", "10 s", "59 s", "1 min 00 s", "2 min 05 s"])


class Commands(unittest.TestCase):
    def test_output_is_kept_aside_and_status_told(self):
        with redirect_stdout(io.StringIO()) as shown:
            status, said = progress.wait_for("building", [sys.executable, "-c", "print('aside'); raise SystemExit(3)"])
        self.assertEqual((status, said.strip()), (3, "aside"))
        self.assertIn("building: FAILED", shown.getvalue())
        self.assertNotIn("aside", shown.getvalue())


class Arguments(unittest.TestCase):
    def test_a_timeout_is_above_zero(self):
        self.assertEqual(cli.parse(["--timeout", "1.5"]).timeout, 1.5)
        for wrong in ("0", "-1", "nan", "inf", "x"):
            with self.assertRaises(SystemExit), unittest.mock.patch("sys.stderr", io.StringIO()):
                cli.parse(["--timeout", wrong])

    def test_at_least_one_notebook_runs_at_once(self):
        for here, jobs in ((1, 1), (2, 1), (3, 1), (4, 2), (64, 4)):
            with unittest.mock.patch.object(cli, "processors", return_value=here):
                self.assertEqual(cli.parse([]).jobs, jobs)
        self.assertEqual(cli.parse(["--jobs", "12"]).jobs, 12)
        for wrong in ("0", "-1", "x"):
            with self.assertRaises(SystemExit), unittest.mock.patch("sys.stderr", io.StringIO()):
                cli.parse(["--jobs", wrong])

    def test_kernels_that_run_at_once_share_the_processors(self):
        options = environment.kernel_environ({"JJAVA_JVM_OPTS": "-Xmx2g"}, False, 3)["JJAVA_JVM_OPTS"]
        self.assertIn(" -Dunroll.threads=3 -Xmx2g", options)
        self.assertNotIn("threads", environment.kernel_environ({}, False)["JJAVA_JVM_OPTS"])
