"""What runs beside the web processes: started again when it ends by itself, and gone when they are.

As a program, `python -m troth.hub.beside MODULE ARGUMENT…`, it is such a process.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from typing import Final

import click

_SET_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG of prctl(2)
LONGEST_PAUSE: Final = 30.0  # seconds
STEADY: Final = 60.0
"""How long one has to have run for the next pause to be a short one again."""
PATIENCE: Final = 20  # seconds


class Beside:
    """One process, kept until `end`."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._name = module
        self._command = [sys.executable, "-m", __spec__.name, module, *arguments]
        # A copy: what the kernel is handed must not change while another thread sets a variable.
        self._environment = dict(os.environ)
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        self._starting = threading.Lock()
        # The kernel ends the process when this thread ends, which is when all of this one does.
        self._thread = threading.Thread(target=self._keep, name=module, daemon=True)
        self._thread.start()

    def _keep(self) -> None:
        pause = 1.0
        while not self._ending.is_set():
            began = time.monotonic()
            with self._starting:
                if self._ending.is_set():
                    return
                process = self._process = subprocess.Popen(  # noqa: S603 - our own
                    self._command, env=self._environment
                )
            status = process.wait()
            if self._ending.is_set():
                return
            if time.monotonic() - began >= STEADY:
                pause = 1.0
            click.echo(
                f"{self._name} ended with status {status}. It starts again in {pause:.0f} s.",
                err=True,
            )
            self._ending.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def tell_to_go(self) -> None:
        """Ask it to end, and start it no more."""
        self._ending.set()
        with self._starting:
            if self._process is not None:
                self._process.terminate()

    def end(self) -> None:
        """Wait until one that was told to go has ended; what hangs on a server of others is killed,
        and its journal tells how far it was.
        """
        if self._process is not None:
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._thread.join()

    def wait(self) -> None:
        """Wait until somebody ends it."""
        self._thread.join()


def _main(module: str) -> None:
    """Be one of these processes: end with whoever started it, be it killed."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:  # it ended meanwhile
            sys.exit(1)
    del sys.argv[0]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main(sys.argv[1])
