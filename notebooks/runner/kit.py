"""Builds lib/kit with Maven where it is missing or older than the library's sources."""
import contextlib
import os
import re
import time
import zipfile

from . import progress
from .failure import without_ansi
from .paths import KIT, REPORTS, ROOT
from .problem import Problem
from .tools import output_of

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

DOWNLOAD_MB = 250
STAMP = ".built"
MODULES = ("unroll", "unroll-data", "unroll-models", "unroll-notebook")  # each stands on those before it; the last one fills the kit


def package(module):
    """Maven's arguments to build a module and all that it stands on."""
    return ("-q", "-B", "-Dmaven.test.skip=true", "-pl", f"lib/{module}", "-am", "package")


def newest_source(root=ROOT, modules=MODULES):
    """Modification time of the newest file or folder that goes into the kit; folders, to notice deleted files."""
    files = [root / "pom.xml", root / "datasets" / "catalogue.json"]
    for module in modules:
        sources = root / "lib" / module / "src" / "main"
        files += [root / "lib" / module / "pom.xml", sources, *sources.rglob("*")]
    return max((f.stat().st_mtime for f in files if f.exists()), default=0.0)


def is_current(root=ROOT):
    """Whether the kit holds the library's jar, made after the last change of a source, and no jar that was cut off."""
    kit = root / "lib" / "kit"
    jars = list(kit.glob("unroll-*.jar"))
    made = [f.stat().st_mtime for f in [*jars, kit / STAMP] if f.exists()]
    return bool(jars) and max(made) >= newest_source(root) and not damaged(kit)


def damaged(kit=KIT):
    """Names of the jars that are no whole archives. A kernel that meets one says nothing and never answers."""
    return sorted(jar.name for jar in kit.glob("*.jar") if not zipfile.is_zipfile(jar))


def build(maven, environ, module=MODULES[-1]):
    """Runs Maven for the kit, or for a module that stands on it; quiet while it works, with Maven's last words when it does not."""
    started, arguments = time.time(), package(module)
    aim = "lib/kit" if module in MODULES else f"lib/kit and lib/{module}"
    status, said = progress.wait_for(f"building {aim} with Maven", [str(maven), *arguments], cwd=ROOT, env=environ)
    if status != 0:
        raise Problem(f"Maven could not build {aim} (exit {status}). Its last words:\n\n{tail(said)}\n{network_hint(said)}\n"
                      f"The command was: mvn {' '.join(arguments)}   (in {ROOT})")
    if not list(KIT.glob("unroll-*.jar")):
        raise Problem(f"Maven ended well, but {KIT} holds no unroll-*.jar. Try: mvn -B clean package   (in {ROOT})")
    if damaged():
        raise Problem(f"These jars in {KIT} are no whole archives: {', '.join(damaged())}. Then Maven's own copies are damaged too:\n"
                      "delete them below ~/.m2/repository and start run.py again.")
    # Maven leaves a jar whose content is unchanged as old as it was: the stamp says that it was looked at.
    stamp = KIT / STAMP
    stamp.touch()
    os.utime(stamp, (started, started))


def unformatted(maven, environ):
    """Whether sources have another format than the project's; False also where that cannot be found out."""
    status, said = output_of(str(maven), "-q", "-B", "formatter:validate", env=dict(environ), cwd=ROOT)
    return status != 0 and "not been previously formatted" in said


BOILERPLATE = re.compile(r"\[ERROR\]\s*($|To see the full stack|Re-run Maven using|For more information about|\[Help|-> \[Help"
                         r"|After correcting|  mvn <args>)")


def tail(said, lines=40):
    """The last lines of what a program printed, without colours and without Maven's standing advice."""
    kept = [line for line in without_ansi(said).splitlines() if line.strip() and not BOILERPLATE.match(line)]
    return "\n".join("    " + line for line in kept[-lines:])


def network_hint(said):
    signs = ("Could not transfer", "Unknown host", "Connection refused", "timed out", "Temporary failure in name resolution",
             "Failed to establish a new connection", "Network is unreachable", "certificate", "407 Proxy", "(from versions: none)")
    if any(sign in said for sign in signs):
        return ("\nThis looks like a network problem. Behind a proxy, Maven wants it in ~/.m2/settings.xml and pip in HTTPS_PROXY;\n"
                "what was downloaded so far is kept, so run.py can simply be started again.\n")
    return ""


@contextlib.contextmanager
def only_one():
    """Lets one run.py at a time set things up; the others wait for it."""
    REPORTS.mkdir(exist_ok=True)
    with open(REPORTS / ".lock", "w", encoding="utf-8") as lock:
        if fcntl:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                progress.say("another run.py is setting things up; waiting for it")
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield
