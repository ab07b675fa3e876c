import os
import stat
import tempfile
import unittest
from pathlib import Path

from runner import tools
from runner.problem import Problem


@unittest.skipIf(os.name == "nt", "the pretended programs are shell scripts")
class Finding(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.bin = Path(self.folder.name, "bin")
        self.bin.mkdir()
        self.environ = {"PATH": str(self.bin)}

    def program(self, name, script):
        path = self.bin / name
        path.write_text("#!/bin/sh\n" + script, encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    def java(self, version, modules="java.base@17 jdk.compiler@17 jdk.jshell@17"):
        return self.program("java", f'[ "$1" = -version ] && echo \'openjdk version "{version}"\' >&2 || echo "{modules}"\n')

    def test_a_jdk(self):
        program = self.java("17.0.15")
        self.assertEqual(tools.find_java(self.environ), tools.Java(program, "17.0.15"))

    def test_java_home_goes_before_the_path(self):
        program = self.java("25")
        found = tools.find_java({"PATH": "/nowhere", "JAVA_HOME": self.folder.name})
        self.assertEqual(found, tools.Java(program, "25"))

    def test_no_java_says_how_to_install_it(self):
        said = tools.find_java(self.environ)
        for part in ("no `java` on the PATH", "apt install openjdk-17-jdk", "brew install", "conda install"):
            self.assertIn(part, said)

    def test_a_java_home_without_java_is_named(self):
        self.assertIn("JAVA_HOME=/gone", tools.find_java({"PATH": str(self.bin), "JAVA_HOME": "/gone"}))

    def test_an_old_java(self):
        self.java("1.8.0_402")
        self.assertIn("is version 1.8.0_402; 17 or newer", tools.find_java(self.environ))

    def test_a_runtime_without_compiler(self):
        self.java("21.0.2", modules="java.base@21")
        self.assertIn("javac", tools.find_java(self.environ))

    def test_the_stub_of_a_mac_without_java(self):
        self.program("java", "echo 'Unable to locate a Java Runtime.' >&2; exit 1\n")
        self.assertIn("Unable to locate a Java Runtime.", tools.find_java(self.environ))

    def test_maven(self):
        jdk = tools.Java("java", "17")
        self.assertIn("no `mvn`", tools.find_maven(self.environ, jdk))
        program = self.program("mvn", "echo 'Apache Maven 3.8.1 (x)'\n")
        self.assertEqual(tools.find_maven(self.environ, jdk), Path(program))
        self.program("mvn", "echo 'Apache Maven 3.6.3 (x)'\n")
        self.assertIn("3.6.3; 3.8.1 or newer", tools.find_maven(self.environ, jdk))

    def test_maven_is_not_blamed_for_a_missing_java(self):
        program = self.program("mvn", "echo 'JAVA_HOME is not defined correctly'; exit 1\n")
        self.assertEqual(tools.find_maven(self.environ, "  java: missing"), Path(program))
        self.assertIn("JAVA_HOME is not", tools.find_maven(self.environ, tools.Java("java", "17")))


class Requiring(unittest.TestCase):
    def test_everything_missing_is_said_at_once(self):
        with self.assertRaises(Problem) as raised:
            tools.require("  java: gone", "  maven: gone too")
        self.assertIn("java: gone", str(raised.exception))
        self.assertIn("maven: gone too", str(raised.exception))
        tools.require(tools.Java("java", "17"), None)

    def test_feature_releases(self):
        for version, major in (("17.0.15", 17), ("1.8.0_402", 8), ("25", 25), ("21-ea", 21), ("", 0)):
            self.assertEqual(tools.java_major(version), major)
