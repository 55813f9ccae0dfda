"""The web processes: `python -m troth.hub.web HOST PORT WORKERS`, started by `troth serve`."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys

from granian.server import Server

from troth.hub.beside import end_with_parent


def main(host: str, port: int, workers: int) -> None:
    """Serve pages until a signal comes; a process that ends by itself is started again."""
    # Forked from this one, which has no thread and has loaded the software: they share it.
    multiprocessing.set_start_method("fork", force=True)
    os.register_at_fork(after_in_child=_begin)
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
        workers_kill_timeout=10,
    ).serve()


def _begin() -> None:
    """Be a process of its own: until it listens itself, a signal ends it, as it would any other."""
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, signal.SIG_DFL)
    end_with_parent("troth pages")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
