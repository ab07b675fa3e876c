"""The command line of notebooks/run.py."""
import argparse
import os
import signal
import subprocess
import sys

from . import changed, check, environment, execute, kit, maven, notebook, tools
from .paths import NOTEBOOKS, REPORTS, ROOT
from .problem import Problem
from .progress import Line, duration, say

EPILOG = """
examples:
  python3 notebooks/run.py                 set up what is missing, run all notebooks, write reports/index.html
  python3 notebooks/run.py 01              the one-minute taste
  python3 notebooks/run.py 01 06 --full    two notebooks at their long size
  python3 notebooks/run.py 05 --full --update --timeout 7200
                                           writes its tables and claims into notebooks/results/05-gated-units.md
  python3 notebooks/run.py --lab           open them in JupyterLab
"""


def parse(arguments):
    parser = argparse.ArgumentParser(prog="run.py", description="Runs Unroll's notebooks and writes reports/index.html.",
                                     epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NOTEBOOK", help="names or prefixes, such as 01 (default: all)")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--list", action="store_true", help="show number, name and question of each, run nothing")
    mode.add_argument("--check", action="store_true", help="check the form of the committed notebooks, run nothing")
    mode.add_argument("--update", action="store_true", help="also write the outputs back into notebooks/; with --full, into notebooks/results/")
    mode.add_argument("--changed", action="store_true", help="run with another seed, size and text, and list prose that keeps the default run's numbers")
    mode.add_argument("--lab", action="store_true", help="open JupyterLab instead of running")
    parser.add_argument("--full", action="store_true", help="the long version of each notebook (UNROLL_SCALE=full)")
    parser.add_argument("--kernel", metavar="NAME", help="a kernel by name (default: an installed Java kernel)")
    parser.add_argument("--timeout", type=seconds, default=600, metavar="SECONDS", help="for each notebook (default: 600)")
    parser.add_argument("--jobs", type=count, default=default_jobs(), metavar="N",
                        help="how many notebooks run at once (default: one for each two processors, at most 4; here %(default)s)")
    return parser.parse_args(arguments)


def count(given):
    value = int(given)
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, but is {given}")
    return value


def default_jobs():
    """One kernel for each two processors; at most four, as each may take a quarter of the memory."""
    return min(4, max(1, processors() // 2))


def processors():
    """How many processors this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def seconds(given):
    value = float(given)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"must be above 0, but is {given}")
    return value


def main(arguments=None):
    """Does what the command line says; gives the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = parse(arguments)
    for number in execute.ENDING:
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, interrupt)
    try:
        every = notebook.known()
        chosen = notebook.select(options.names, every)
        if not chosen and not options.lab:
            raise Problem(f"There is no notebook in {NOTEBOOKS}.")
        if options.list:
            return list_notebooks(chosen)
        if options.check:
            return check_notebooks(chosen)
        java = set_up(options.lab)
        jobs = 1 if options.lab else min(options.jobs, len(chosen))
        os.environ.update(environment.kernel_environ(os.environ, options.full, max(1, processors() // jobs) if jobs > 1 else None))
        os.environ.pop(environment.REEXECUTED, None)
        kernel = environment.choose_kernel(options.kernel)
        if options.lab:
            return open_lab(chosen if options.names else [])
        if options.changed:
            os.environ.update(changed.TEXT)
            return 1 if changed.run(chosen, kernel, options.timeout, jobs, say) else 0
        return run_notebooks(chosen, every, kernel, java, options)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.status
    except (KeyboardInterrupt, execute.Interrupted):
        print("\ninterrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of the output went away, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as refused:  # a full disk, a folder that may not be written
        print(f"The system refused: {refused}", file=sys.stderr)
        return 1


def interrupt(*_):
    """A polite kill and a closed terminal end a run as Ctrl-C does: no Maven, pip or kernel stays behind."""
    raise KeyboardInterrupt


def list_notebooks(chosen):
    width = max((len(path.stem) for path in chosen), default=0)
    for path in chosen:
        try:
            asks = notebook.question(notebook.read(path))
        except Problem as problem:
            asks = str(problem)
        say(f"{path.stem:{width}}  {asks}")
    return 0


def check_notebooks(chosen):
    count = 0
    for path in chosen:
        try:
            found = check.findings(notebook.read(path))
        except Problem as problem:
            found = [(None, str(problem))]
        for cell, said in found:
            say(f"{path.stem}{f', cell {cell}' if cell else ''}: {said}")
            count += 1
    if count:
        say(f"\n{count} finding{'s' * (count != 1)}. Outputs are made again by: python3 notebooks/run.py --update NAME")
        return 1
    say(f"{len(chosen)} notebook{'s' * (len(chosen) != 1)} checked: the form of the committed notebooks is right")
    return 0


def set_up(lab):
    """Sees that Java, the kit and a Python environment are there; may start this program again in notebooks/.venv."""
    java = tools.find_java(os.environ)
    build = not kit.is_current()
    mvn = tools.find_maven(os.environ, java) if build else None
    if isinstance(mvn, str):  # what lacks
        mvn = maven.fetched() or mvn
    lacking = environment.missing_here(lab)
    make_venv = bool(lacking) and not environment.venv_is_current()
    tools.require(java, environment.find_venv_maker() if make_venv else None)
    if build or make_venv:
        announce(build, isinstance(mvn, str), make_venv)
        with kit.only_one():
            if build and not kit.is_current():
                build_kit(maven.fetched() or maven.fetch(mvn) if isinstance(mvn, str) else mvn)
            if make_venv and not environment.venv_is_current():
                environment.make_venv()
    if lacking:
        environment.continue_in_venv()
    return java


def build_kit(mvn):
    """Fills lib/kit; after a change of the sources, says whether they are in the project's format."""
    changed = kit.KIT.exists()
    kit.build(mvn, os.environ)
    if changed and kit.unformatted(mvn, os.environ):
        say("(Some sources are not in the project's format. That matters to nothing here; `mvn formatter:format` changes it.)")


def announce(build, fetch, make_venv):
    """Says what will be done and downloaded, before it is."""
    say("Before the notebooks can run:")
    if fetch:
        say(f"  - notebooks/.maven, Maven {maven.VERSION}, as this computer has none that is new enough: {maven.BYTES // 1_000_000} MB")
    if build and not kit.KIT.exists():
        say(f"  - lib/kit, the Java libraries: Maven downloads about {kit.DOWNLOAD_MB} MB of jars and plugins, "
            "less what it has already")
    elif build and kit.damaged():
        say(f"  - {', '.join(kit.damaged())} in lib/kit: not whole, Maven fills it again")
    elif build:
        say("  - lib/kit is older than the library's sources: Maven builds it again")
    if make_venv:
        say(f"  - notebooks/.venv, JupyterLab and the Java kernel: pip downloads about {environment.DOWNLOAD_MB} MB "
            f"({environment.DISK_MB} MB on disk)")
    say()


def open_lab(chosen):
    """Opens JupyterLab in notebooks/, with the first chosen notebook if one was named."""
    command = [sys.executable, "-m", "jupyterlab", *[path.name for path in chosen[:1]]]
    os.chdir(NOTEBOOKS)
    if os.name == "nt":
        return subprocess.call(command)
    # Not a child of this process: JupyterLab handles Ctrl-C itself and ends its kernels in its own time.
    sys.stdout.flush()
    os.execv(command[0], command)


def run_notebooks(chosen, every, kernel, java, options):
    """Executes, reports, and says what happened; status 1 if any failed."""
    from . import report
    jobs = min(options.jobs, len(chosen))
    say(f"{len(chosen)} notebook{'s' * (len(chosen) != 1)}, Java {java.version}, kernel {kernel}{f', {jobs} at once' if jobs > 1 else ''}")
    conditions = {"kernel": kernel, "java": f"Java {java.version}", "scale": "full size" if os.environ.get("UNROLL_SCALE") == "full" else ""}
    width = max(len(path.stem) for path in chosen)
    line, running, failures = Line(), {}, []

    def tick(path, cell, cells, elapsed):
        if path not in running and not line.live:
            say(f"  {path.stem:{width}}  started")
        running[path] = f"{path.stem:{width}}  {f'cell {cell} of {cells}' if cell else 'starting the kernel'}, {duration(elapsed)}"
        line.show("  " + "  |  ".join(running.values()))

    def done(path, execution):
        running.pop(path, None)
        try:
            if not isinstance(execution, execute.Execution):
                raise execution
            said = reported(path, execution, conditions, options, failures)
        except Exception as unexpected:  # a damaged notebook, a report that cannot be written: the others are run all the same
            reason = str(unexpected) if isinstance(unexpected, Problem) else f"{type(unexpected).__name__}: {unexpected}"
            said = f"FAILED  {reason}"
            failures.append(f"{path.stem}: {reason}")
        line.end(f"  {path.stem:{width}}  {said}")
        report.write_index(every)

    try:
        execute.execute(chosen, kernel, options.timeout, jobs, tick, done)
    finally:
        for said in failures:
            say("\n" + said)
    say(f"\n{len(chosen) - len(failures)} of {len(chosen)} passed. Reports: {(REPORTS / 'index.html').relative_to(ROOT)}")
    if failures and options.update:
        say("Notebooks that failed were not updated.")
    return 1 if failures else 0


def reported(path, execution, conditions, options, failures):
    """Writes the reports of an executed notebook; says how it went in one line, and adds what failed to `failures`."""
    from . import report, results
    report.write(path, execution, conditions)
    cells = len(notebook.code_cells(execution.notebook))
    if execution.failure:
        failures.append(execution.failure.report(path.stem))
        return f"FAILED  in cell {execution.failure.cell} of {cells}, {duration(execution.seconds)}"
    if options.update and options.full:
        results.write(path, execution, conditions)
    elif options.update:
        notebook.write_aside(path, notebook.dumps(notebook.for_commit(execution.notebook)))
    return f"passed  {cells} cells, {duration(execution.seconds)}  {notebook.result(execution.notebook)}".rstrip()
