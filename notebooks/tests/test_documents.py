import re
import unittest

from runner.paths import ROOT

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/ARCHITECTURE.md", "docs/READING.md")]


def code_of(text):
    """Statements without comments, names for the graph, and blanks."""
    return "\n".join(re.sub(r'//.*|\.named\("\w+"\)|\s', "", line) for line in text.splitlines())


class Documents(unittest.TestCase):
    """What the pages for people name is there."""

    def test_every_link_within_the_project_leads_somewhere(self):
        for page in PAGES:
            for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
                self.assertTrue((page.parent / target).exists(), f"{page.name}: {target}")

    def test_every_test_that_is_named_exists(self):
        tests = {path.stem for path in ROOT.glob("lib/*/src/test/java/**/*.java")}
        for page in PAGES:
            for name in re.findall(r"`(\w+Test|DoubleTwin|EveryCell)\b", page.read_text(encoding="utf-8")):
                self.assertIn(name, tests, page.name)

    def test_the_readme_shows_the_step_and_the_loop_that_run(self):
        step, loop = re.findall(r"```java\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
        for shown, file in (step, "lib/unroll/src/main/java/unroll/recurrent/LstmCell.java"), (loop, "examples/TrainCharacters.java"):
            for line in code_of(shown).splitlines():
                self.assertIn(line, code_of((ROOT / file).read_text(encoding="utf-8")))

    def test_the_example_fits_on_a_page(self):
        self.assertLessEqual(len((ROOT / "examples/TrainCharacters.java").read_text(encoding="utf-8").splitlines()), 60)

    def test_the_arrows_are_those_that_the_layering_test_holds(self):
        rows = re.findall(r"^\| (`[a-z`, ]+`) \|[^|]*\| ([^|]*) \|$", (ROOT / "docs/ARCHITECTURE.md").read_text(encoding="utf-8"), re.MULTILINE)
        told = {name: set(re.findall(r"`(\w+)`", may)) for names, may in rows for name in re.findall(r"`(\w+)`", names)}
        test = (ROOT / "lib/unroll-notebook/src/test/java/unroll/LayeringTest.java").read_text(encoding="utf-8")
        held = {name: set(re.findall(r'"(\w+)"', may)) for name, may in re.findall(r'may\.put\("(\w+)", (.*)\);', test)}
        self.assertEqual(told, held)
