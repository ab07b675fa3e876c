import unittest

from runner import failure
from tests.books import error

THROWN = error("RuntimeException", "java.lang.IllegalStateException, x is 0", [
    "\x1b[1m\x1b[31mjava.lang.IllegalStateException: x is 0\x1b[0m", "\x1b[1m\x1b[31m\tat unroll.nn.Linear.apply(Linear.java:40)\x1b[0m",
    "\tat java.base/java.util.ArrayList.get(ArrayList.java:1)", "\tat org.dflib.jjava.jupyter.kernel.X.y(X.java:1)", "\tat .(#19:1)"])
REFUSED = error("CompilationException", "[snippet: [int x = \"a\";], status: REJECTED]", ["|   int x = \"a\";", "incompatible types: …", ""])


class Telling(unittest.TestCase):
    def report(self, output, source="f(1);"):
        return failure.of_error(output, 3, 4, source).report("91-bad")

    def test_it_names_notebook_cell_source_and_exception(self):
        said = self.report(THROWN)
        for part in ("91-bad: cell 3 of 4 failed", "    f(1);", "java.lang.IllegalStateException: x is 0", "Linear.java:40", ".(#19:1)"):
            self.assertIn(part, said)

    def test_it_shows_no_colours_and_no_frames_of_the_kernel(self):
        said = self.report(THROWN)
        for part in ("\x1b", "org.dflib", "java.base/"):
            self.assertNotIn(part, said)

    def test_the_exception_stands_there_once(self):
        self.assertEqual(self.report(THROWN).count("x is 0"), 1)

    def test_a_compilation_error_says_what_the_compiler_said(self):
        self.assertEqual(failure.of_error(REFUSED, 1, 1, "").headline(), "cell 1 of 1: CompilationException: incompatible types: …")
        self.assertIn('int x = "a";', self.report(REFUSED))

    def test_a_long_cell_and_a_long_traceback_are_cut(self):
        said = self.report(error(traceback=[f"\tat A.f(A.java:{n})" for n in range(100)]), "\n".join(f"line{n};" for n in range(50)))
        self.assertIn("line4;", said)
        self.assertNotIn("line5;", said)
        self.assertIn("… 86 more lines in the report", said)

    def test_a_missing_kit_is_translated(self):
        said = self.report(error(evalue="java.lang.RuntimeException, Error resolving glob '../lib/kit/*.jar': ./../lib/kit"))
        self.assertIn("python3 notebooks/run.py", said)
        self.assertIn("mvn package", said)
        self.assertNotIn("mvn package", self.report(THROWN))
