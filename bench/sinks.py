"""Debian postfix's `smtp-sink`: a mail server that throws away what it gets, and does so fast."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.places import ROOT
from support.installations import free_port

UNPACKED = ROOT / ".tools" / "debian"


@contextmanager
def smtp_sink() -> Iterator[int]:
    """It, listening on the port this yields, until the block ends."""
    port = free_port()
    program, libraries = _program()
    command = [program, "-u", "nobody"] if os.geteuid() == 0 else [program]
    environment = os.environ | {"LD_LIBRARY_PATH": libraries}
    process = subprocess.Popen(
        [*command, f"127.0.0.1:{port}", "128"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _program() -> tuple[str, str]:
    """The program and where its libraries are; fetched from Debian where the system lacks it."""
    if found := shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin"):
        return found, ""
    program = UNPACKED / "usr" / "sbin" / "smtp-sink"
    if not program.exists():
        subprocess.run(["sh", "scripts/debian.sh", UNPACKED, "postfix"], cwd=ROOT, check=True)
    return str(program), str(UNPACKED / "usr" / "lib" / "postfix")


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(200):
        assert process.poll() is None, "smtp-sink ended at once"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("smtp-sink does not answer")
