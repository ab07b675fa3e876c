"""Executes one notebook on a Java kernel."""
import asyncio
import logging
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Optional

from . import failure
from .notebook import LANGUAGE, code_cells, merge_streams
from .paths import NOTEBOOKS

START_SECONDS = 60
TICK_SECONDS = 0.25


class Interrupted(Exception):
    """The user ended the run (Ctrl-C); the kernel is gone."""


@dataclass(frozen=True)
class Execution:
    """An executed notebook (nbformat's type), how long it took, and where it failed, if it did."""
    notebook: object
    seconds: float
    failure: Optional[failure.Failure]


def execute(path, kernel, timeout, tick):
    """Runs a notebook in its folder; `tick(cell, cells, seconds)` is called several times a second."""
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    return asyncio.run(_execute(path, kernel, timeout, tick))


async def _execute(path, kernel, timeout, tick):
    import nbformat
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    nb = nbformat.read(path, as_version=4)
    nb.metadata["language_info"] = dict(LANGUAGE)
    cells = code_cells(nb)
    for cell in cells:
        cell.outputs, cell.execution_count = [], None
    stopped = asyncio.Event()
    started = time.monotonic()
    manager = AsyncKernelManager(kernel_name=kernel)
    client = NotebookClient(nb, km=manager, timeout=None, record_timing=False)
    with tempfile.TemporaryFile() as log, _signals(stopped):
        number, failed = 0, None
        try:
            tick(0, len(cells), 0.0)
            # What the kernel's process itself prints (its start, JVM warnings) is of interest only if it dies.
            await manager.start_kernel(cwd=str(NOTEBOOKS), stdin=None, stdout=log, stderr=log)
            client.kc = manager.client()
            client.kc.start_channels()
            failed = await _watched(client.kc.wait_for_ready(timeout=START_SECONDS), stopped, None,
                                    lambda: tick(0, len(cells), time.monotonic() - started))
            client.kc.allow_stdin = False
            for index, cell in enumerate(nb.cells):
                if failed:
                    break
                if cell.cell_type != "code":
                    continue
                number += 1
                failed = await _watched(client.async_execute_cell(cell, index, execution_count=number), stopped,
                                        timeout - (time.monotonic() - started),
                                        lambda: tick(number, len(cells), time.monotonic() - started))
        finally:
            if client.kc is not None:
                client.kc.stop_channels()
            if manager.has_kernel:
                await manager.shutdown_kernel(now=True)
        if stopped.is_set():
            raise Interrupted()
        merge_streams(nb)
        seconds = time.monotonic() - started
        cell = cells[number - 1] if number else None
        return Execution(nb, seconds, _failure(failed, cell, number, len(cells), timeout, log) if failed else None)


async def _watched(work, stopped, seconds, tick):
    """Waits for work to end; gives None or what ended it: its exception, TimeoutError, or Interrupted."""
    task, stop = asyncio.ensure_future(work), asyncio.ensure_future(stopped.wait())
    deadline = None if seconds is None else time.monotonic() + seconds
    try:
        while True:
            tick()
            await asyncio.wait({task, stop}, timeout=TICK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.exception()
            if stopped.is_set():
                return Interrupted()
            if deadline is not None and time.monotonic() > deadline:
                return TimeoutError()
    finally:
        for pending in (task, stop):
            pending.cancel()
        await asyncio.gather(task, stop, return_exceptions=True)


def _failure(failed, cell, number, cells, timeout, log):
    source = cell.source if cell is not None else ""
    error = next((o for o in (cell.outputs if cell is not None else []) if o.output_type == "error"), None)
    if isinstance(failed, TimeoutError):
        return failure.Failure(number, cells, source, "Timeout",
                               f"the notebook was not done after {timeout:g} s (--timeout gives it more)", ())
    if error is not None:
        return failure.of_error(error, number, cells, source)
    log.seek(0)
    said = [line for line in failure.without_ansi(log.read().decode("utf-8", "replace")).splitlines() if not line.startswith("[I ")]
    words = ("Its process's last words:", *said[-10:]) if said else ()
    if number == 0:
        return failure.Failure(number, cells, source, "the kernel did not start", str(failed), words)
    return failure.Failure(number, cells, source, "the kernel died", "its Java process ended in this cell", words)


class _signals:
    """While in force, Ctrl-C and a polite kill set an event instead of tearing the event loop."""

    def __init__(self, stopped):
        self.stopped = stopped

    def __enter__(self):
        self.handled = []
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                asyncio.get_running_loop().add_signal_handler(number, self.stopped.set)
                self.handled.append(number)
            except (NotImplementedError, RuntimeError):  # Windows: there Ctrl-C raises KeyboardInterrupt
                pass

    def __exit__(self, *_):
        for number in self.handled:
            asyncio.get_running_loop().remove_signal_handler(number)
