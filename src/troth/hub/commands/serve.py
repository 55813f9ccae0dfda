"""`troth serve`: the web processes, the live process, the worker and the sender, together or some
of them.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Collection
from types import FrameType
from typing import Final

import click

from troth.core.errors import Invalid
from troth.hub.backup.running import hold
from troth.hub.beside import Beside, Program, apart
from troth.hub.home import Home
from troth.hub.setup import start

SENDER: Final = "troth.channels.campaigns.cli"
PARTS: Final = ("web", "live", "worker", "sender")
LIVE_PORT: Final = "TROTH_LIVE_PORT"


class PortTakenInvalid(Invalid):
    """Another program listens where this one was to, or the machine does not let it."""


def run(*, host: str, port: int, workers: int, parts: Collection[str] = PARTS) -> None:
    """Serve until a signal comes. Whatever ends by itself is started again.

    `parts` are those of `PARTS` to run here; on several machines each may run some. Before,
    `name_live_port` was called, and `ready` `apart`: this process stays without Django, for it
    waits as long as all others work.
    """
    home = Home.current()
    hold(home)
    for part, taken in (("web", port), ("live", int(os.environ[LIVE_PORT]))):
        if part in parts:
            _find_free(host, taken)
    programs = []
    if "web" in parts:
        programs.append(Program("troth web", "troth.hub.web", (host, str(port), str(workers))))
    if "worker" in parts:
        programs.append(Program("troth worker", "troth.hub.worker"))
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
        beside.wait()
    except KeyboardInterrupt:
        pass
    finally:
        beside.end()


def name_live_port(port: int) -> None:
    """Put where the live process is, the port after the web's if the setting `live_port` names no
    other, into the environment before anything is started: the web's pages name it too, wherever
    the live process runs.
    """
    os.environ.setdefault(LIVE_PORT, Home.current().option("live_port", str(port + 1)))


def _find_free(host: str, port: int) -> None:
    """Raises `PortTakenInvalid`, since what cannot listen would be started again and again."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except (OSError, OverflowError) as error:
        raise PortTakenInvalid(
            f"Nothing can be served at port {port} of {host}.",
            why=f"{getattr(error, 'strerror', None) or error}.",
            do="Stop what listens there, or name another port with --port.",
        ) from None


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
    name_live_port(port)
    apart(_look)
    here = f"Serving on http://{host}:{port}" if "web" in parts else "Running"
    click.echo(here)
    run(host=host, port=port, workers=workers, parts=parts)
