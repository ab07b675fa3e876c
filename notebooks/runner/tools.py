"""Finds Java and Maven and says how to get what is missing."""
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .problem import Problem

JAVA_AT_LEAST = 17
MAVEN_AT_LEAST = (3, 8, 1)

INSTALL = {
    "java": ("sudo apt install openjdk-17-jdk   (or openjdk-21-jdk, where that is the one)", "brew install --cask temurin@17",
             "conda install -c conda-forge openjdk=17"),
    "maven": ("sudo apt install maven", "brew install maven", "conda install -c conda-forge maven"),
}


@dataclass(frozen=True)
class Java:
    """A JDK: its `java` program and its version, for example 17.0.15."""
    program: str
    version: str


def how_to_install(tool):
    apt, brew, conda = INSTALL[tool]
    return f"      Debian/Ubuntu:  {apt}\n      macOS:          {brew}\n      conda:          {conda}"


def java_major(version):
    """The feature release of a version text: 17.0.15 gives 17, 1.8.0_402 gives 8, 25 gives 25."""
    numbers = [int(n) for n in re.findall(r"\d+", version)]
    if not numbers:
        return 0
    return numbers[1] if numbers[0] == 1 and len(numbers) > 1 else numbers[0]


def output_of(*command, env=None, cwd=None):
    """Exit status and everything that a short command printed; status -1 where it cannot be started."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=env, cwd=cwd, timeout=60, encoding="utf-8", errors="replace")
        return done.returncode, done.stdout.strip()
    except (OSError, subprocess.TimeoutExpired) as e:
        return -1, str(e)


def find_java(environ):
    """The JDK that kernels and Maven will use, or a text that says what is wrong with the one that was found."""
    home = environ.get("JAVA_HOME")
    where = f"in JAVA_HOME={home}" if home else "on the PATH"
    program = shutil.which("java", path=str(Path(home) / "bin") if home else environ.get("PATH", ""))
    if program is None:
        advice = "\n      Or point JAVA_HOME at a JDK that is there, or unset it." if home else ""
        return f"  java: no `java` {where}. A JDK {JAVA_AT_LEAST} or newer is needed.\n{how_to_install('java')}{advice}"
    status, said = output_of(program, "-version")
    match = re.search(r'version "([^"]+)"', said)
    if status != 0 or not match:
        reason = said.splitlines()[0] if said else f"exit {status}"
        return f"  java: `{program} -version` does not work:\n      {reason}\n{how_to_install('java')}"
    version = match.group(1)
    if java_major(version) < JAVA_AT_LEAST:
        return (f"  java: {program} is version {version}; {JAVA_AT_LEAST} or newer is needed.\n{how_to_install('java')}\n"
                "      A newer one that is already there is chosen with JAVA_HOME.")
    _, modules = output_of(program, "--list-modules")
    if "jdk.jshell@" not in modules or "jdk.compiler@" not in modules:
        return (f"  javac: {program} ({version}) is a runtime without the compiler; a JDK is needed.\n{how_to_install('java')}\n"
                "      A JDK that is already there is chosen with JAVA_HOME.")
    return Java(program, version)


def find_maven(environ, java):
    """The `mvn` program as a Path, or a text that says what is wrong with the one that was found."""
    program = shutil.which("mvn", path=environ.get("PATH", ""))
    if program is None:
        return f"  maven: no `mvn` on the PATH. Maven {dotted(MAVEN_AT_LEAST)} or newer is needed.\n{how_to_install('maven')}"
    status, said = output_of(program, "-version", env=dict(environ))
    match = re.search(r"Apache Maven (\d+)\.(\d+)\.(\d+)", said)
    if not match and not isinstance(java, Java):
        return Path(program)  # it cannot say its version without a Java
    if status != 0 or not match:
        reason = said.replace("\n", "\n      ")[:400] or f"exit {status}"
        return f"  maven: `{program} -version` does not work:\n      {reason}\n{how_to_install('maven')}"
    if tuple(map(int, match.groups())) < MAVEN_AT_LEAST:
        return (f"  maven: {program} is version {dotted(match.groups())}; {dotted(MAVEN_AT_LEAST)} or newer is needed.\n"
                f"{how_to_install('maven')}")
    return Path(program)


def dotted(numbers):
    return ".".join(map(str, numbers))


def require(*found):
    """Raises one Problem that lists everything that is missing."""
    missing = [f for f in found if isinstance(f, str)]
    if missing:
        raise Problem("Something is missing on this computer:\n\n" + "\n\n".join(missing) + "\n\nThen start run.py again.")
