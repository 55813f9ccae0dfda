"""`troth serve`: the web processes, the live process, the worker and the sender, together or some
of them.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Collection
from types import FrameType
from typing import Final

import click

from troth.hub.backup.running import hold
from troth.hub.beside import Beside, Program, apart
from troth.hub.home import Home
from troth.hub.setup import start

SENDER: Final = "troth.channels.campaigns.cli"
PARTS: Final = ("web", "live", "worker", "sender")
LIVE_PORT: Final = "TROTH_LIVE_PORT"


def run(*, host: str, port: int, workers: int, parts: Collection[str] = PARTS) -> None:
    """Serve until a signal comes. What runs beside the web processes ends with them, and is started
    again where it ends by itself; so are they.

    The live process is at the port after the web's, if the setting `live_port` names no other.
    `parts` are those of `PARTS` to run here; on several machines each may run some. `ready` has
    been called before, `apart`: this process stays without Django, for it waits as long as all
    others work.
    """
    home = Home.current()
    hold(home)
    # Every part reads it: the web's pages name it too, wherever the live process runs.
    os.environ.setdefault(LIVE_PORT, home.option("live_port", str(port + 1)))
    programs = [Program("troth worker", "troth.hub.worker")] if "worker" in parts else []
    if "live" in parts:
        live = (host, os.environ[LIVE_PORT])
        programs.append(Program("troth live", "troth.hub.live", live))
    if "sender" in parts:
        # They share one pace and never a copy.
        senders = int(home.option("senders", "1"))
        programs += [Program("troth sender", SENDER, ("send",)) for _ in range(senders)]
    beside = Beside(*programs)
    signal.signal(signal.SIGTERM, _stop)
    try:
        if "web" in parts:
            _web(host, port, workers)
        else:
            beside.wait()
    except KeyboardInterrupt:
        pass  # Granian takes it by itself; without the web it comes here
    finally:
        beside.end()


def _web(host: str, port: int, workers: int) -> None:
    from granian.server import Server  # noqa: PLC0415

    # A forked one would inherit what the threads of this process hold at that moment; one that is
    # forked to replace another does not even hear a signal.
    multiprocessing.set_start_method("spawn", force=True)
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
        respawn_failed_workers=True,
        respawn_interval=1,
        workers_kill_timeout=10,  # one that is told to go before it listens to signals never goes
    ).serve()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def ready() -> None:
    """The start-up checks a person should hear about in words, before any page fails.

    Raises `Refusal` when the keyring or the databases are not right.
    """
    from django.db import connections  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    from troth.core.errors import Missing  # noqa: PLC0415
    from troth.core.keyring.store import check_key  # noqa: PLC0415

    for alias in ("keyring", "default"):
        executor = MigrationExecutor(connections[alias])
        leaves = executor.loader.graph.leaf_nodes("keyring" if alias == "keyring" else None)
        if executor.migration_plan(leaves):
            raise Missing(
                "This installation is not ready.",
                why=f"The {alias} database is missing tables of this release.",
                do="Run `troth init` with the same home.",
            )
    check_key()


def _look() -> None:
    start()
    ready()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Web processes.")
@click.option(
    "--part",
    "parts",
    type=click.Choice(PARTS),
    multiple=True,
    default=PARTS,
    help="Run this part here, and no other that is not named; may be repeated.",
)
def serve(host: str, port: int, workers: int, parts: tuple[str, ...]) -> None:
    """Serve the site, the console, live chat and the worker."""
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    apart(_look)
    here = f"Serving on http://{host}:{port}" if "web" in parts else "Running"
    click.echo(here)
    run(host=host, port=port, workers=workers, parts=parts)
