"""Installations to measure in: on SQLite and on PostgreSQL, made for one figure and removed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from support.installations import Installation, create, postgres_environment
from support.postgres import stop, temporary

SQLITE: Final = "SQLite"
POSTGRES: Final = "PostgreSQL"
ROOT: Final = Path(__file__).parents[1]


@contextmanager
def installed(
    engine: str, *, company: str = "comm100", durable: bool = True, **environment: str
) -> Iterator[Installation]:
    """An installation on `engine` until the block ends. `durable`: PostgreSQL waits for the disk,
    as in production; reading needs no such wait, and its rows are made faster without.
    """
    with tempfile.TemporaryDirectory(prefix="troth-bench-") as folder:
        if engine == SQLITE:
            yield create(Path(folder, "home"), company=company, **environment)
            return
        server = temporary(durable=durable)
        try:
            environment = postgres_environment(server) | environment
            yield create(Path(folder, "home"), company=company, **environment)
        finally:
            stop(server)


def inside(installation: Installation, name: str, *arguments: str) -> dict[str, Any]:
    """Run `bench.inside.<name>` in a process of the installation; what it printed last."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.inside", name, *arguments],
        env=installation.variables(),
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"bench.inside.{name} failed:\n{done.stdout}{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def processor() -> str:
    """The machine's processor, for the notes."""
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return "unknown processor"
    model = re.search(r"model name\s*:\s*(.+)", text)
    return f"{os.cpu_count()} x {model[1] if model else 'unknown processor'}"
