"""Making a backup: both databases and the files that matter, in one sealed file, read back.

The rows are frozen before the keys: a person's key is durable before the first row that it seals,
so every row of the one has its key in the other, unless that was destroyed in between; then the
erasure is on the log behind the mark that the backup carries, and is done again with the rest.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from troth.core.errors import Denied
from troth.core.keyring import backups, erasures
from troth.core.keyring.store import check_key, signing_key
from troth.core.organisations.models import Organisation
from troth.hub.backup import postgres, sqlite
from troth.hub.backup.envelope import Reader, Writer, sealed_with
from troth.hub.backup.parts import ABOUT, END, PartsIn, PartsOut, frames

DATABASES: Final = ("default", "keyring")
"""In this order: rows before keys."""
FILES: Final = ("settings.toml", "secret.key", "erasures.log")
READ_BACK: Final = "backup.json"
SPOOLS: Final = ("inbound", "inbound/aside")


class ExistsDenied(Denied):
    """A file of that name is there already."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds, as it was read back."""

    path: Path
    size: int
    rows: int
    files: int
    master: str


def make(path: Path, *, passphrase: bytes | None = None) -> Made:
    """Write a backup and read it back. The file has its name only when it is whole."""
    if path.exists():
        raise ExistsDenied(f"{path} is there already.", do="Name a new file, or remove it first.")
    check_key()
    master, secret = backups.current()
    head, derived = sealed_with(master, secret, passphrase)
    partial = path.with_name(f"{path.name}.partial")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            writer = Writer(file, head, derived)
            _write(PartsOut(writer))
            writer.close()
            file.flush()
            os.fsync(file.fileno())
        made = _read_back(partial, path, passphrase, master)
        partial.rename(path)
        synchronise(path.parent)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return made


def note() -> None:
    """Note that a backup to keep was made and read back now, for the assessment."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    (settings.HOME.folder / READ_BACK).write_text(json.dumps({"read_back": at}), "utf-8")


def _write(out: PartsOut) -> None:
    about = {
        "engine": engine(),
        "release": version("troth"),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "migrations": {alias: _migrations(alias) for alias in DATABASES},
        "masters": backups.names(),
        "erasures": list(erasures.head(erasures.path())),
    }
    counts: dict[str, dict[str, int]] = {}
    settings.HOME.erasure_log.touch(0o600)  # from now on its being there says something
    for organisation in Organisation.objects.values_list("pk", flat=True):
        signing_key(organisation)  # what signs the log from now on is in the backup
    # Mail that waits is copied before the rows are: what is dealt with in between is there twice
    # rather than not at all.
    files = list(_files())
    kept = [(name, _read(path)) for name, path in files if name.startswith("inbound")]
    with _room() as room, ExitStack() as frozen:
        databases = {alias: frozen.enter_context(_frozen(alias, room)) for alias in DATABASES}
        out.add(ABOUT, [json.dumps(about).encode()])
        for alias, database in databases.items():
            out.add(f"database/{alias}", database.content)
            counts[alias] = database.counts
    for name, content in kept:
        if content is not None:
            out.add(f"file/{name}", [content])
    for name, path in files:
        if not name.startswith("inbound"):
            out.add(f"file/{name}", frames(path))
    written = dict(out.written)
    out.add(END, [json.dumps({"parts": written, "counts": counts}).encode()])


def _read_back(partial: Path, path: Path, passphrase: bytes | None, master: str) -> Made:
    with Reader(partial, backups.secret_of, passphrase) as reader:
        parts = PartsIn(reader, path)
        names = [name for name, _ in parts.each()]
    rows = sum(sum(tables.values()) for tables in parts.end["counts"].values())
    files = sum(name.startswith("file/") for name in names)
    return Made(path, partial.stat().st_size, rows, files, master)


def engine() -> str:
    vendor: str = connections["default"].vendor
    return vendor


def _frozen(alias: str, room: Path) -> Any:
    return (postgres if engine() == "postgresql" else sqlite).frozen(alias, room)


def _migrations(alias: str) -> list[str]:
    found = MigrationRecorder(connections[alias]).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in found)


def _files() -> Iterable[tuple[str, Path]]:
    """Files of the installation by name. The master key is none of them: it is kept apart."""
    folder: Path = settings.HOME.folder
    for spool in SPOOLS:
        for path in sorted((folder / spool).glob("*.mail")):
            yield f"{spool}/{path.name}", path
    for name in FILES:
        path = settings.HOME.erasure_log if name == "erasures.log" else folder / name
        if path.exists():
            yield name, path


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None  # dealt with meanwhile


@contextmanager
def _room() -> Iterator[Path]:
    """A folder for copies of databases, gone afterwards; also what a killed run left of it."""
    room: Path = settings.HOME.folder / "backup.room"
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(mode=0o700)
    try:
        yield room
    finally:
        with suppress(OSError):
            shutil.rmtree(room)


def synchronise(folder: Path) -> None:
    """Have names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
