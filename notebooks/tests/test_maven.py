import contextlib
import hashlib
import io
import os
import tempfile
import unittest
import zipfile
from pathlib import Path

from runner import maven
from runner.problem import Problem

NAME = f"apache-maven-{maven.VERSION}"


class Fetching(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name, ".maven")
        self.archive = Path(folder.name, "archive.zip")
        with zipfile.ZipFile(self.archive, "w") as files:
            files.writestr(f"{NAME}/bin/mvn", "#!/bin/sh\n")
            files.writestr(f"{NAME}/bin/mvn.cmd", "")
        self.sha512 = hashlib.sha512(self.archive.read_bytes()).hexdigest()

    def fetch(self, sha512=None):
        with contextlib.redirect_stdout(io.StringIO()):
            return maven.fetch("  maven: none", self.folder, self.archive.as_uri(), sha512 or self.sha512)

    def test_it_is_there_once_it_was_fetched_and_can_be_started(self):
        self.assertIsNone(maven.fetched(self.folder))
        program = self.fetch()
        self.assertEqual(program, maven.fetched(self.folder))
        self.assertTrue(os.access(program, os.X_OK))
        self.assertEqual([path.name for path in self.folder.iterdir()], [NAME])

    def test_another_archive_is_refused_and_nothing_stays(self):
        with self.assertRaises(Problem) as refused:
            self.fetch("0" * 128)
        for part in (self.sha512, "0" * 128, "maven: none"):
            self.assertIn(part, str(refused.exception))
        self.assertIsNone(maven.fetched(self.folder))
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_an_address_that_does_not_answer_is_named(self):
        self.archive.unlink()
        with self.assertRaises(Problem) as refused:
            self.fetch()
        for part in ("cannot be fetched from file:", "HTTPS_PROXY", "maven: none"):
            self.assertIn(part, str(refused.exception))

    def test_one_that_was_cut_off_does_not_count(self):
        (self.folder / NAME / "lib").mkdir(parents=True)
        self.assertIsNone(maven.fetched(self.folder))
        self.assertTrue(self.fetch().exists())
