"""Whether the installation is being served: a file that its processes hold a lock on."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from troth.core.errors import Denied
from troth.hub.home import Home

_held: list[IO[str]] = []


class InUseDenied(Denied):
    """The installation is being served, or another restore is going on."""


def hold(home: Home) -> None:
    """Say, until this process ends, that the installation is in use."""
    file = _opened(home)
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise _restoring() from None
    _held.append(file)


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Work on the installation while nobody serves it. Raises `InUseDenied`."""
    with _opened(home) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUseDenied(
                f"The installation in {home.folder} is being served.",
                why="What people do meanwhile would be lost.",
                do="Stop `troth serve` first, on every machine. Nothing was changed.",
            ) from None
        yield


def _opened(home: Home) -> IO[str]:
    path = home.folder / "serving.lock"
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")


def _restoring() -> InUseDenied:
    return InUseDenied(
        "A backup is being restored here.",
        do="Wait until it is done, and start again.",
    )
