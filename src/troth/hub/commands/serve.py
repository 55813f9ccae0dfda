"""`troth serve`: the web processes and the worker, together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from types import FrameType

import click

SENDER = "troth.channels.campaigns.cli"


def run(*, host: str, port: int, workers: int) -> None:
    """Serve until a signal comes. The worker lives and dies with the web processes.

    Raises `Refusal` before anything starts when the keyring or the databases are not right.
    """
    from granian.server import Server  # noqa: PLC0415

    _ready()
    beside = [_beside("troth.hub.worker"), *(_beside(SENDER, "send") for _ in range(_senders()))]
    signal.signal(signal.SIGTERM, _stop)
    try:
        Server(
            "troth.hub.wsgi:application",
            address=host,
            port=port,
            interface="wsgi",  # type: ignore[arg-type]
            workers=workers,
            blocking_threads=4,
            backpressure=64,
            log_access=False,
            log_level="warning",  # type: ignore[arg-type]
            websockets=False,
        ).serve()
    finally:
        for process in beside:
            process.terminate()
        for process in beside:
            _ended(process)


def _beside(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", module, *arguments])  # noqa: S603 - our own


def _ended(process: subprocess.Popen[bytes]) -> None:
    """Wait for its end; what hangs on a server of others is ended, and its journal tells how far
    it was."""
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _senders() -> int:
    """How many processes send campaigns; they share one pace and never a copy."""
    from django.conf import settings  # noqa: PLC0415

    return int(settings.HOME.option("senders", "1"))


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _ready() -> None:
    """The start-up checks a person should hear about in words, before any page fails."""
    from django.db import connections  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    from troth.core.errors import Missing  # noqa: PLC0415
    from troth.core.keyring.store import check_key  # noqa: PLC0415

    for alias in ("keyring", "default"):
        executor = MigrationExecutor(connections[alias])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise Missing(
                "This installation is not ready.",
                why=f"The {alias} database is missing tables of this release.",
                do="Run `troth init` with the same home.",
            )
    check_key()
    # The processes to come make connections of their own.
    connections.close_all()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Web processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site, the console and the worker."""
    from troth.hub.setup import start  # noqa: PLC0415

    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    start()
    click.echo(f"Serving on http://{host}:{port}")
    run(host=host, port=port, workers=workers)
