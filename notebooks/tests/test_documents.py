import re
import unittest

from runner.paths import ROOT

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/ARCHITECTURE.md", "docs/READING.md")]


def code_of(text):
    """Statements without comments, names for the graph, and blanks."""
    return {re.sub(r'//.*|\.named\("\w+"\)|\s', "", line) for line in text.splitlines()}


class Documents(unittest.TestCase):
    """What the pages for people name is there."""

    def test_every_link_within_the_project_leads_somewhere(self):
        for page in PAGES:
            for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
                self.assertTrue((page.parent / target).exists(), f"{page.name}: {target}")

    def test_every_test_that_is_named_exists(self):
        tests = {path.stem for path in ROOT.glob("lib/*/src/test/java/**/*.java")}
        for page in PAGES:
            for name in re.findall(r"`(\w+Test|DoubleTwin)\b", page.read_text(encoding="utf-8")):
                self.assertIn(name, tests, page.name)

    def test_the_readme_shows_the_step_that_runs(self):
        shown = re.search(r"```java\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL).group(1)
        cell = ROOT / "lib/unroll/src/main/java/unroll/recurrent/LstmCell.java"
        self.assertLessEqual(code_of(shown), code_of(cell.read_text(encoding="utf-8")))

    def test_the_example_fits_on_a_page(self):
        self.assertLessEqual(len((ROOT / "examples/TrainCharacters.java").read_text(encoding="utf-8").splitlines()), 60)
