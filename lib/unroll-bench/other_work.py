"""How busy the machine was with something else."""
import os
import pathlib
import time


class OtherWork:
    """How many cores were kept busy by anything but the processes started from here; Linux only."""

    def __init__(self):
        self.start = self.now()

    def cores(self):
        if self.start is None:
            return None
        wall, busy, own = (after - before for after, before in zip(self.now(), self.start))
        return round(max(0.0, (busy - own) / wall), 2)

    @staticmethod
    def now():
        try:
            fields = [int(word) for word in pathlib.Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
        except OSError:
            return None
        idle = sum(fields[3:5])                      # waiting for a disk is idle too; time stolen by the host counts as busy
        return time.monotonic(), (sum(fields) - idle) / os.sysconf("SC_CLK_TCK"), sum(os.times()[:4])
