"""What is said about a notebook that did not get to its end."""
import re
from dataclasses import dataclass

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
FOREIGN_FRAME = re.compile(r"^\s*at (java\.base/|jdk\.|org\.dflib\.|io\.github\.spencerpark\.)")
KIT_MISSING = "Error resolving glob '../lib/kit"
KIT_ADVICE = ("This means that the folder lib/kit with the Java libraries is not there. Run `python3 notebooks/run.py` or\n"
              "`mvn package` once (in the top folder); both fill it.")


@dataclass(frozen=True)
class Failure:
    """Which code cell failed, counted from 1, and why."""
    cell: int
    cells: int
    source: str
    name: str
    value: str
    traceback: tuple

    def exception(self):
        """The exception on one line. JJava calls all of them RuntimeException; the traceback's first line knows better."""
        lines = [line.strip() for line in self.traceback if line.strip()]
        if self.name == "CompilationException" and lines:
            return one_line(f"{self.name}: {lines[-1]}")
        return one_line(lines[0] if lines and re.match(r"[\w.$]+\.[\w$]+(:|$)", lines[0]) else f"{self.name}: {self.value}")

    def headline(self):
        return f"cell {self.cell} of {self.cells}: {self.exception()}" if self.cell else self.exception()

    def report(self, notebook):
        """Several lines: the cell, how it begins, the exception, and what to do where that is known."""
        where = f"cell {self.cell} of {self.cells} failed" if self.cell else "no cell was run"
        said = [f"{notebook}: {where}", *indented(first_lines(self.source, 5)), "",
                *indented([self.exception()]),
                *indented(line for line in trimmed(self.traceback) if not self.exception().endswith(line.strip()))]
        advice = advice_for("\n".join([self.value, *self.traceback]))
        return "\n".join(said + (["", advice] if advice else []))


def of_error(output, cell, cells, source):
    """The failure that an error output of a notebook describes."""
    return Failure(cell, cells, source, output.get("ename", "error"), without_ansi(output.get("evalue", "")),
                   tuple(without_ansi("\n".join(output.get("traceback", []))).splitlines()))


def without_ansi(shown):
    return ANSI.sub("", shown)


def trimmed(traceback, at_most=14):
    """The lines of a traceback that speak about the notebook and the library, not about the kernel and the JDK."""
    lines = [line for line in traceback if line.strip() and not FOREIGN_FRAME.match(line)]
    return lines if len(lines) <= at_most else lines[:at_most] + [f"… {len(lines) - at_most} more lines in the report"]


def first_lines(source, count):
    lines = [line for line in source.splitlines() if line.strip()]
    return lines[:count] + (["…"] if len(lines) > count else [])


def indented(lines):
    return ["    " + part.expandtabs(4) for line in lines for part in line.splitlines()]


def one_line(said, at_most=160):
    joined = " ".join(said.split())
    return joined if len(joined) <= at_most else joined[:at_most - 1] + "…"


def advice_for(said):
    return KIT_ADVICE if KIT_MISSING in said else ""
