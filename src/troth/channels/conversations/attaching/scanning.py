"""Scanning for malware: by ClamAV's daemon where one is named, else for the test file alone.

The setting ``scanner`` names it: ``tcp://host:3310``, ``unix:/run/clamav/clamd.ctl``, or the dotted
path of a class of the installation's own that has `Scanner`'s method.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from io import BytesIO
from typing import Final, Protocol, runtime_checkable
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.conf import settings
from django.utils.module_loading import import_string

from troth.core.errors import Missing

EICAR: Final = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner recognises and nothing is harmed by (eicar.org)."""
_CHUNK: Final = 64 * 1024
_PATIENCE: Final = 20  # seconds for each step
_LONGEST_ANSWER: Final = 4096
_MOST_MEMBERS, _LARGEST_MEMBER = 50, 1024 * 1024


class ScannerMissing(Missing):
    """The scanner does not answer, or not in words we know. Nothing is served until it does."""

    status = 503


class UnscannableMissing(ScannerMissing):
    """The scanner is there and does not take this file, e.g. because it is too long for it."""


@runtime_checkable
class Scanner(Protocol):
    """One way of scanning."""

    def scan(self, content: bytes) -> str:
        """What was found, or "" for nothing. Raises `ScannerMissing`."""


class TestFileScanner:
    """Knows the EICAR test file, in the open and in an archive, and nothing else."""

    def scan(self, content: bytes) -> str:
        return "Eicar-Test" if any(EICAR in part for part in _parts(content)) else ""


class ClamdScanner:
    """Speaks INSTREAM with clamd (clamd(8)), a connection for each file."""

    def __init__(self, address: str) -> None:
        self.address = address

    def scan(self, content: bytes) -> str:
        try:
            answer = self._ask(content)
        except OSError as error:
            raise _silent(type(error).__name__) from None
        said = answer.rstrip(b"\0\n").decode("ascii", "replace").removeprefix("stream: ")
        if said == "OK":
            return ""
        if said.endswith(" FOUND"):
            return said.removesuffix(" FOUND")
        raise UnscannableMissing("The scanner does not take this file.", why="It says an error.")

    def _ask(self, content: bytes) -> bytes:
        with self._connected() as link:
            link.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                piece = content[start : start + _CHUNK]
                link.sendall(struct.pack("!L", len(piece)) + piece)
            link.sendall(struct.pack("!L", 0))
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
                got = link.recv(_LONGEST_ANSWER)
                if not got:
                    break
                answer += got
        return answer

    def _connected(self) -> socket.socket:
        if self.address.startswith("unix:"):
            link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            link.settimeout(_PATIENCE)
            try:
                link.connect(self.address.removeprefix("unix:"))
            except OSError:
                link.close()
                raise
            return link
        parts = urlsplit(self.address)
        return socket.create_connection((parts.hostname, parts.port or 3310), timeout=_PATIENCE)


def configured() -> list[Scanner]:
    """The scanners a file has to pass: ours, and the one that is named."""
    named = settings.HOME.option("scanner")
    if not named:
        return [TestFileScanner()]
    if named.startswith(("tcp://", "unix:")):
        return [TestFileScanner(), ClamdScanner(named)]
    return [TestFileScanner(), import_string(named)()]


def found_in(content: bytes) -> str:
    """What the scanners find, or "". Raises `ScannerMissing`."""
    return next(filter(None, (scanner.scan(content) for scanner in configured())), "")


def _parts(content: bytes) -> Iterator[bytes]:
    """The file, and what is in it if it is an archive, as far as that is small."""
    yield content
    if not content.startswith(b"PK"):
        return
    try:
        with ZipFile(BytesIO(content)) as archive:
            for member in archive.infolist()[:_MOST_MEMBERS]:
                # Of the others no reader bounds what it unpacks.
                if member.compress_type in (ZIP_STORED, ZIP_DEFLATED):
                    with archive.open(member) as inside:
                        yield inside.read(_LARGEST_MEMBER)
    except Exception:  # noqa: BLE001 - a broken or locked archive: it is for a real scanner
        return


def _silent(why: str) -> ScannerMissing:
    return ScannerMissing(
        "The scanner did not answer.",
        why=f"{why}; what was sent waits, and nobody gets it.",
        do="See that the daemon named in the setting `scanner` runs.",
    )
