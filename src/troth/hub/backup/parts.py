"""What stands in a backup: named parts, one after the other, each of any length.

A part is a head (JSON with its name), then frames of at most a chunk, then an empty frame. The
first part, ``about``, says what the backup is of; the last, ``end``, has the length and the digest
of every part and the number of rows of every table.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from troth.hub.backup.envelope import CHUNK, BackupInvalid, Reader, Writer

ABOUT: Final = "about"
END: Final = "end"


def frames(path: Path) -> Iterator[bytes]:
    """A file, a chunk at a time."""
    with path.open("rb") as file:
        while some := file.read(CHUNK):
            yield some


class PartsOut:
    """Writes parts, and remembers the length and digest of each."""

    def __init__(self, out: Writer) -> None:
        self._out = out
        self.written: dict[str, dict[str, Any]] = {}

    def add(self, name: str, content: Iterable[bytes]) -> None:
        head = json.dumps({"name": name}).encode()
        self._out.write(len(head).to_bytes(4, "big") + head)
        digest, size = hashlib.sha256(), 0
        for some in content:
            if some:
                self._out.write(len(some).to_bytes(4, "big") + some)
                digest.update(some)
                size += len(some)
        self._out.write(bytes(4))
        self.written[name] = {"size": size, "sha256": digest.hexdigest()}


class PartsIn:
    """Reads parts in their order, and holds each to what the last part says of it."""

    def __init__(self, reader: Reader, path: Path) -> None:
        self._reader, self._path = reader, path
        self._read: dict[str, dict[str, Any]] = {}
        self.about = self._json(ABOUT)
        self.end: dict[str, Any] = {}

    def each(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Name and content of each part between the first and the last. A content that is not
        read to its end is passed over. Raises `BackupInvalid`."""
        while (name := self._name()) != END:
            content = self._content(name)
            yield name, content
            for _ in content:
                pass
        said = dict(self._read)
        self.end = json.loads(b"".join(self._content(END)))
        self._reader.end()
        if said != self.end.get("parts"):
            raise BackupInvalid(
                f"{self._path} is harmed: what is in it is not what was written.",
                do="Use another copy of it. Nothing was changed.",
            )

    def _json(self, name: str) -> dict[str, Any]:
        found = self._name()
        raw = b"".join(self._content(found))
        if found != name:
            raise BackupInvalid(f"{self._path} does not begin as a backup does.")
        made: dict[str, Any] = json.loads(raw)
        return made

    def _name(self) -> str:
        length = int.from_bytes(self._reader.read(4), "big")
        return str(json.loads(self._reader.read(length))["name"])

    def _content(self, name: str) -> Iterator[bytes]:
        digest, size = hashlib.sha256(), 0
        while length := int.from_bytes(self._reader.read(4), "big"):
            some = self._reader.read(length)
            digest.update(some)
            size += length
            yield some
        self._read[name] = {"size": size, "sha256": digest.hexdigest()}
