"""A site under granian, and the CPU time that its processes take."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.places import ROOT
from support.installations import free_port

PATIENCE = 60


@dataclass(frozen=True)
class Served:
    """A running site."""

    url: str
    process: subprocess.Popen[bytes]

    def cpu(self) -> float:
        """Seconds of CPU its processes have taken."""
        return cpu_of(self.process.pid)


def cpu_of(pid: int) -> float:
    """Seconds of CPU a process, all below it, and those of them that have ended have taken."""
    root = psutil.Process(pid)
    total = 0.0
    for process in (root, *root.children(recursive=True)):
        times = process.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total


@contextmanager
def granian(application: str, environment: dict[str, str], log: Path) -> Iterator[Served]:
    """Serve as `troth serve` does: two processes of four threads each, without its worker."""
    port = free_port()
    command = [Path(sys.executable).with_name("granian"), "--interface", "wsgi", "--no-ws"]
    options = {"host": "127.0.0.1", "port": port, "workers": 2, "log-level": "error"}
    options |= {"blocking-threads": 4, "backpressure": 64}
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*command, application],
            env=environment | {"PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            stdout=file,
            stderr=file,
        )
    served = Served(f"http://127.0.0.1:{port}", process)
    try:
        answers(served.url, process, log)
        yield served
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process we started, and whatever it leaves behind."""
    below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for left in below:
        if left.is_running():
            left.kill()


def answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for the first answer, whatever it is."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(url, timeout=10).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"It does not answer:\n{log.read_text('utf-8')}") from None
            time.sleep(0.02)
        else:
            return
