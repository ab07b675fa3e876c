"""Executes notebooks, each on a Java kernel of its own."""
import asyncio
import functools
import logging
import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Optional

from . import failure
from .notebook import LANGUAGE, code_cells, merge_streams
from .paths import NOTEBOOKS
from .problem import Problem

START_SECONDS = 60
TICK_SECONDS = 0.25
ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Interrupted(Exception):
    """The user ended the run (Ctrl-C, a polite kill, a closed terminal); the kernel is gone."""


@dataclass(frozen=True)
class Execution:
    """An executed notebook (nbformat's type), how long it took, and where it failed, if it did."""
    notebook: object
    seconds: float
    failure: Optional[failure.Failure]


def execute(paths, kernel, timeout, jobs, tick, done):
    """
    Runs notebooks in their folder, at most `jobs` at once. Several times a second `tick(path, cell, cells, seconds)` is called for each that
    runs, and `done(path, execution)` once for each, as it ends, with an Execution or the exception that kept it from one.
    """
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    asyncio.run(_all(paths, kernel, timeout, jobs, tick, done))


async def _all(paths, kernel, timeout, jobs, tick, done):
    stopped, free = asyncio.Event(), asyncio.Semaphore(jobs)

    async def one(path):
        async with free:
            if stopped.is_set():
                return
            try:
                ended = await _execute(path, kernel, timeout, functools.partial(tick, path), stopped)
            except Exception as refused:
                ended = refused
            if not isinstance(ended, Interrupted):
                done(path, ended)

    with _signals(stopped):
        await asyncio.gather(*map(one, paths))
    if stopped.is_set():
        raise Interrupted()


async def _execute(path, kernel, timeout, tick, stopped):
    import nbformat
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    try:
        nb = nbformat.read(path, as_version=4)
    except Exception as refused:                # its own errors have no common class
        raise Problem(f"{path} cannot be read as a notebook: {failure.one_line(str(refused))}")
    nb.metadata["language_info"] = dict(LANGUAGE)
    cells = code_cells(nb)
    for cell in cells:
        cell.outputs, cell.execution_count = [], None
    started = time.monotonic()
    manager = AsyncKernelManager(kernel_name=kernel)
    client = NotebookClient(nb, km=manager, timeout=None, record_timing=False)
    with tempfile.TemporaryFile() as log:
        number, failed = 0, None
        try:
            tick(0, len(cells), 0.0)
            # What the kernel's process itself prints (its start, JVM warnings) is of interest only if it dies.
            failed = await _started(manager, client, log, stopped, lambda: tick(0, len(cells), time.monotonic() - started))
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
                # Windows ends the launcher alone and leaves the kernel; there it is asked to end itself.
                await manager.shutdown_kernel(now=os.name != "nt")
        if stopped.is_set():
            raise Interrupted()
        merge_streams(nb)
        seconds = time.monotonic() - started
        cell = cells[number - 1] if number else None
        return Execution(nb, seconds, _failure(failed, cell, number, len(cells), timeout, log) if failed else None)


async def _started(manager, client, log, stopped, tick):
    """Starts the kernel and waits until it answers; gives None or what ended that."""
    try:
        await manager.start_kernel(cwd=str(NOTEBOOKS), stdin=None, stdout=log, stderr=log)
    except OSError as refused:                  # the kernel's program is not there
        return refused
    client.kc = manager.client()
    client.kc.start_channels()
    client.kc.allow_stdin = False
    return await _watched(client.kc.wait_for_ready(timeout=START_SECONDS), stopped, None, tick)


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
    """While in force, what ends a program politely sets an event instead of tearing the event loop."""

    def __init__(self, stopped):
        self.stopped = stopped

    def __enter__(self):
        self.handled = {}
        for number in ENDING:
            before = signal.getsignal(number)
            if before == signal.SIG_IGN:        # as nohup wants it
                continue
            try:
                asyncio.get_running_loop().add_signal_handler(number, self.stopped.set)
                self.handled[number] = before
            except (NotImplementedError, RuntimeError):  # Windows: there Ctrl-C raises KeyboardInterrupt
                pass

    def __exit__(self, *_):
        for number, before in self.handled.items():
            asyncio.get_running_loop().remove_signal_handler(number)
            signal.signal(number, before)
