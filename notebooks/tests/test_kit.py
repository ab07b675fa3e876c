import contextlib
import io
import os
import re
import sys
import tempfile
import unittest
from pathlib import Path

from runner import kit
from runner.problem import Problem


class Age(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.sources = ["pom.xml", "datasets/catalogue.json"]
        for module in kit.MODULES:
            self.sources += [f"lib/{module}/pom.xml", f"lib/{module}/src/main/java/A.java"]
        for name in (*self.sources, "lib/unroll/src/main/java/B.java", "lib/unroll/src/test/java/T.java"):
            self.put(name, 100)
        self.age_folders(100)

    def put(self, name, time):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"PK\5\6" + bytes(18) if path.suffix == ".jar" else b"")  # an archive of nothing
        os.utime(path, (time, time))

    def age_folders(self, time):
        for path in sorted(self.root.rglob("*")):
            if path.is_dir():
                os.utime(path, (time, time))

    def test_no_kit_is_not_current(self):
        self.assertFalse(kit.is_current(self.root))
        self.put("lib/kit/.built", 200)
        self.assertFalse(kit.is_current(self.root))

    def test_a_kit_is_current_until_a_source_or_a_pom_changes(self):
        for changed in self.sources:
            self.put("lib/kit/unroll-0.1.0.jar", 150)
            self.assertTrue(kit.is_current(self.root))
            self.put(changed, 160)
            self.assertFalse(kit.is_current(self.root), changed)
            self.put(changed, 100)

    def test_the_modules_are_all_that_the_kit_is_made_of(self):
        needed, seen = {kit.MODULES[-1]}, set()
        while needed - seen:
            module = (needed - seen).pop()
            seen.add(module)
            own = re.findall(r"<groupId>\$\{project.groupId\}</groupId><artifactId>([\w-]+)</artifactId>",
                             (kit.ROOT / "lib" / module / "pom.xml").read_text(encoding="utf-8"))
            needed.update(own)
        self.assertEqual(seen, set(kit.MODULES))

    def test_a_deleted_source_makes_it_old(self):
        self.put("lib/kit/unroll-0.1.0.jar", 150)
        (self.root / "lib/unroll/src/main/java/B.java").unlink()
        self.assertFalse(kit.is_current(self.root))

    def test_a_jar_that_was_cut_off_makes_it_old(self):
        self.put("lib/kit/unroll-0.1.0.jar", 150)
        for content in (b"", b"PK\3\4" + bytes(100)):
            path = self.root / "lib/kit/other-1.jar"
            path.write_bytes(content)
            self.assertEqual(kit.damaged(self.root / "lib/kit"), ["other-1.jar"])
            self.assertFalse(kit.is_current(self.root))

    def test_a_changed_test_does_not(self):
        self.put("lib/kit/unroll-0.1.0.jar", 150)
        self.put("lib/unroll/src/test/java/T.java", 160)
        self.assertTrue(kit.is_current(self.root))

    def test_the_stamp_counts_where_maven_left_an_unchanged_jar_alone(self):
        self.put("lib/kit/unroll-0.1.0.jar", 150)
        self.put("pom.xml", 160)
        self.put("lib/kit/.built", 170)
        self.assertTrue(kit.is_current(self.root))


class Building(unittest.TestCase):
    def test_a_module_that_stands_on_the_kit_is_built_with_it_or_said_to_fail(self):
        with contextlib.redirect_stdout(io.StringIO()), self.assertRaises(Problem) as refused:
            kit.build(sys.executable, os.environ, "unroll-bench")            # Python does not know Maven's options
        for part in ("could not build lib/kit and lib/unroll-bench (exit 2)", "mvn -q -B", "-pl lib/unroll-bench -am package"):
            self.assertIn(part, str(refused.exception))


class Hints(unittest.TestCase):
    def test_mavens_last_words_are_those_that_say_something(self):
        said = "\x1b[0m\x1b[0m[ERROR] A.java:[1,15] reached end of file\n[ERROR] -> [Help 1]\n[ERROR] \n[ERROR] Re-run Maven using the -X\n"
        self.assertEqual(kit.tail(said), "    [ERROR] A.java:[1,15] reached end of file")

    def test_a_network_problem_is_recognized(self):
        self.assertIn("proxy", kit.network_hint("Could not transfer artifact a:b:1"))
        self.assertEqual(kit.network_hint("cannot find symbol"), "")
