"""The journal of a sending process: what left and what the server said, before the database knows.

One small file a process, in the folder ``sending`` of the installation, locked as long as the
process lives. A line is in the kernel's hands as soon as it is written, so it survives the end of
the process however it comes (SIGKILL too). It is synchronised to the disk once a batch: a power cut
may take the last lines along, and then the copies they spoke of, a batch at most for each process,
are sent once more.

    S 17                     the words of copy 17 go out now
    A 17                     the server took it (its 250)
    D 17 451 4.7.1 later     not now; F: not at all
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Said:
    """What a server said of a copy: ``A`` taken, ``D`` later, ``F`` no."""

    kind: str
    code: int = 250
    words: str = ""


@dataclass
class Found:
    """What a dead process left: the outcomes it knew, and the copy it did not know of."""

    worker: UUID
    said: dict[int, Said] = field(default_factory=dict)
    uncertain: set[int] = field(default_factory=set)


def folder() -> Path:
    """Where journals are; of this installation alone."""
    path: Path = settings.HOME.folder / "sending"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


class Journal:
    """The journal of this process. `worker` names it in the copies it has in hand."""

    def __init__(self) -> None:
        self.worker = uuid4()
        self.path = folder() / f"{self.worker}.journal"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        # Locked before it has its name, so that nobody takes it for a dead process's.
        partial = self.path.with_suffix(".new")
        self._file = os.open(partial, flags, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        partial.rename(self.path)
        _synchronise(self.path.parent)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        # After an error it stays: it says what became of the copies that are still in hand.
        if kind is None:
            self.path.unlink(missing_ok=True)
        os.close(self._file)

    def leaving(self, copy: int) -> None:
        """To be called right before the words of a copy go out."""
        os.write(self._file, b"S %d\n" % copy)

    def note(self, copy: int, said: Said) -> None:
        """Write an outcome down, as soon as it is known."""
        line = (
            f"A {copy}\n" if said.kind == "A" else f"{said.kind} {copy} {said.code} {said.words}\n"
        )
        os.write(self._file, line.encode())

    def settle(self) -> None:
        """Everything so far onto the disk, before the database is told."""
        os.fdatasync(self._file)

    def found(self) -> Found:
        """What it says so far of what this process has in hand."""
        return _read(self.path)

    def clear(self) -> None:
        """The database knows all of it now."""
        os.ftruncate(self._file, 0)


def abandoned() -> Iterator[tuple[Path, Found]]:
    """The journals of processes that are dead, each locked while it is looked at."""
    for path in sorted(folder().glob("*.journal")):
        try:
            file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists():
                yield path, _read(path)
        except BlockingIOError:
            continue  # its process lives
        finally:
            os.close(file)


def _read(path: Path) -> Found:
    found = Found(UUID(path.stem))
    for line in path.read_text("utf-8", errors="replace").splitlines(keepends=True):
        if not line.endswith("\n"):
            break  # the last one, cut short by a power cut
        kind, _, rest = line.strip().partition(" ")
        number, _, more = rest.partition(" ")
        if not number.isdigit():
            continue
        copy = int(number)
        if kind == "S":
            found.uncertain.add(copy)
            found.said.pop(copy, None)
            continue
        found.uncertain.discard(copy)
        code, _, words = more.partition(" ")
        found.said[copy] = Said(kind, int(code) if code.isdigit() else 250, words)
    return found


def _synchronise(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
