"""The demonstration: how soon its first page comes, and how much memory it takes."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil

from bench.figure import Figure
from bench.serving import answers, end
from support.installations import TROTH, Installation, free_port

STARTS: Final = 5
PAGES: Final = ("/", "/policy", "/forms/contact", "/account/login/", "/mailbox/")
VISITS: Final = 20  # of each page, so that both web processes have shown it


def measure(names: Sequence[str]) -> dict[str, Figure]:
    """`startup` and `resident`."""
    with tempfile.TemporaryDirectory(prefix="troth-bench-") as folder:
        demo = Installation(Path(folder, "var"))
        demo.run("demo", "--no-serve")
        times, memory = [], dict[str, float]()
        for turn in range(STARTS):
            start = time.perf_counter()
            with _running(demo) as (url, process):
                times.append(time.perf_counter() - start)
                if turn == STARTS - 1:
                    _visit(url)
                    memory = _shares(process.pid)
    figures = {"startup": _startup(times), "resident": _resident(memory)}
    return {name: figures[name] for name in names}


@contextmanager
def _running(demo: Installation) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """`troth demo` until the block ends; the block begins with the first page."""
    port = free_port()
    log = demo.home / "bench.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [TROTH, "demo", "--port", str(port)], env=demo.variables(), stdout=file, stderr=file
        )
    try:
        answers(f"http://127.0.0.1:{port}/", process, log)
        yield f"http://127.0.0.1:{port}", process
    finally:
        end(process)


def _visit(url: str) -> None:
    for page in PAGES * VISITS:
        urllib.request.urlopen(url + page, timeout=20).read()


def _shares(pid: int) -> dict[str, float]:
    """The proportional set size of each process in MB: shared pages count by their sharers."""
    root = psutil.Process(pid)
    found: dict[str, float] = {}
    for process in (root, *root.children(recursive=True)):
        text = Path(f"/proc/{process.pid}/smaps_rollup").read_text("ascii")
        line = next(line for line in text.splitlines() if line.startswith("Pss:"))
        found[f"{process.name()} {process.pid}"] = int(line.split()[1]) / 1024
    return found


def _startup(times: list[float]) -> Figure:
    return Figure(
        round(statistics.median(times), 2),
        "s",
        "",
        None,
        f"From `troth demo` on a demonstration that is already made to the first whole page over "
        f"HTTP, median of {len(times)} starts (slowest {max(times):.1f} s) on a machine with "
        f"{os.cpu_count()} cores; files in the system's cache. `make demo` adds the check that "
        "everything is installed.",
    )


def _resident(memory: dict[str, float]) -> Figure:
    each = ", ".join(f"{share:.0f}" for share in sorted(memory.values(), reverse=True))
    return Figure(
        round(sum(memory.values()), 1),
        "MB",
        "",
        None,
        f"Proportional set size of all {len(memory)} processes of the demo ({each} MB): two web "
        f"processes, their parent, the worker with the mailbox, and what they started, after "
        f"{len(PAGES) * VISITS} page views.",
    )
