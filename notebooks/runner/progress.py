"""What the user sees while waiting: one line that changes in place on a terminal, plain lines elsewhere."""
import shutil
import subprocess
import sys
import tempfile
import time


def say(text=""):
    print(text, flush=True)


def duration(seconds):
    """Seconds as a person writes them: 0.4 s, 12 s, 2 min 05 s."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = int(seconds + 0.5)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02d} s"


class Line:
    """A line that can be shown again; only a terminal sees the states in between."""

    def __init__(self, out=None):
        self.out = out or sys.stdout
        self.live = self.out.isatty()

    def show(self, text):
        if self.live:
            width = shutil.get_terminal_size().columns - 1
            self.out.write("\r\x1b[K" + text[:width])
            self.out.flush()

    def end(self, text):
        self.out.write(("\r\x1b[K" if self.live else "") + text + "\n")
        self.out.flush()


def wait_for(what, command, **popen):
    """Runs a command with its output kept aside. Returns exit status and output; the caller decides who sees it."""
    line, started = Line(), time.monotonic()
    if not line.live:
        say(f"{what} …")
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, **popen)
        try:
            while True:
                line.show(f"{what} … {duration(time.monotonic() - started)}")
                try:
                    process.wait(timeout=0.5)
                    break
                except subprocess.TimeoutExpired:
                    continue
        except BaseException:
            process.terminate()
            process.wait()
            raise
        output.seek(0)
        said = output.read().decode("utf-8", "replace")
    line.end(f"{what}: {'done' if process.returncode == 0 else 'FAILED'}, {duration(time.monotonic() - started)}")
    return process.returncode, said
