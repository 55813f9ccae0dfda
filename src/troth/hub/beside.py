"""What runs beside the web processes: started again when it ends by itself, and gone when they are.

Each such process is forked by Python's fork server, which has loaded the software once
(`hub/preloaded.py`) and does nothing else: what all of them have in common is in memory once, and
none waits for its loading. Whoever asks for them never loads it.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import runpy
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Final

import click

from troth.core.errors import Refusal

_SET_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG of prctl(2)
_SET_NAME: Final = 15  # PR_SET_NAME
LONGEST_PAUSE: Final = 30.0  # seconds
STEADY: Final = 60.0
"""How long one has to have run for the next pause to be a short one again."""
PATIENCE: Final = 20  # seconds


def _forking() -> ForkServerContext:
    """What starts processes by way of the fork server, and the server itself where it is not there
    yet.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["troth.hub.preloaded"])
    return context


def apart(work: Callable[[], None]) -> None:
    """Run `work`, a function of a module, in a process of its own and wait for it. Ends this one
    with its status where that is not 0; a refusal is told there.
    """
    process = _forking().Process(target=_told, args=(work,))
    process.start()
    try:
        process.join()
    finally:  # where Ctrl-C came, it goes to this process alone
        process.terminate()
        process.join()
    if code := process.exitcode:
        raise SystemExit(code if code > 0 else 128 - code)


def _told(work: Callable[[], None]) -> None:
    _listen()
    end_with_parent("troth")
    try:
        work()
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


@dataclass(slots=True)
class Program:
    """A module to run as a program; `name` is what `ps` and `top` call its process."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    _process: ForkServerProcess | None = field(default=None, init=False)
    _began: float = field(default=0, init=False)
    _due: float = field(default=0, init=False)
    _pause: float = field(default=1, init=False)

    def go_on(self) -> int | None:
        """Start it if it is time to. What tells when it has ended; None while it is not running."""
        if self._process is not None and self._process.exitcode is not None:
            self._ended(self._process.exitcode)
        if self._process is None and time.monotonic() >= self._due:
            self._start()
        return None if self._process is None else self._process.sentinel

    def _start(self) -> None:
        self._began = time.monotonic()
        process = _forking().Process(target=_be, args=(self.name, self.module, *self.arguments))
        try:
            process.start()
        except (OSError, EOFError):  # the machine has no room for another, or the server is gone
            self._ended(-1)
        else:
            self._process = process

    def _ended(self, status: int) -> None:
        if time.monotonic() - self._began >= STEADY:
            self._pause = 1
        click.echo(
            f"{self.name} ended with status {status}. It starts again in {self._pause:.0f} s.",
            err=True,
        )
        self._process, self._due = None, time.monotonic() + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def tell_to_go(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def end(self) -> None:
        """Wait until it has ended; what hangs on a server of others is killed, and its journal
        tells how far it was.
        """
        if self._process is not None:
            self._process.join(PATIENCE)
            self._process.kill()
            self._process.join()


class Beside:
    """Programs that are kept running until `end`.

    One thread starts all of them, and the fork server again should it be gone: the kernel ends what
    a thread has started together with that thread.
    """

    def __init__(self, *programs: Program) -> None:
        self._programs = programs
        self._ending, self._end = multiprocessing.Pipe(duplex=False)
        self._thread = threading.Thread(target=self._keep, name="beside", daemon=True)
        self._thread.start()

    def _keep(self) -> None:
        while not self._ending.poll():
            running = [one.go_on() for one in self._programs]
            known = [sentinel for sentinel in running if sentinel is not None]
            # One that has just ended is started again after a pause: it is looked at meanwhile.
            wait([self._ending, *known], None if len(known) == len(running) else 0.2)
        for one in self._programs:
            one.tell_to_go()
        for one in self._programs:
            one.end()

    def end(self) -> None:
        """Have all of them end, and wait until they have."""
        self._end.send(None)
        self._thread.join()

    def wait(self) -> None:
        """Wait until somebody ends this process."""
        self._thread.join()


def be_the_server() -> None:
    """Go on as what the others are forked from: end when the one process that asks for them does,
    and not before, whoever is sent a signal together with it.

    A group of its own keeps the terminal's Ctrl-C from all of them: who asked for them takes it,
    and tells them once.
    """
    os.setpgid(0, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    end_with_parent("troth preloaded", signal.SIGKILL)  # it holds nothing


def _listen() -> None:
    """Take the signals that the fork server does not; what came meanwhile is not lost."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def end_with_parent(name: str, by: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send this process a signal when the one that started it ends, be it killed.
    `name` is what `ps` and `top` call it from now on.
    """
    if sys.platform == "linux":
        parent = os.getppid()
        kernel = ctypes.CDLL(None)
        kernel.prctl(_SET_NAME, name.encode())
        kernel.prctl(_SET_DEATH_SIGNAL, by)
        if os.getppid() != parent:  # it ended meanwhile
            sys.exit(1)


def _be(name: str, module: str, *arguments: str) -> None:
    _listen()
    end_with_parent(name)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
