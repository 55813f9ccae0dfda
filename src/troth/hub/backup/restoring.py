"""Restoring a backup: all of it or nothing, and nobody comes back who was erased."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader

from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid
from troth.core.keyring import backups, erasures, store
from troth.core.ledger.api import record
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.hub.backup import acts, postgres, recovery, running, sqlite
from troth.hub.backup.envelope import BackupInvalid, Reader
from troth.hub.backup.making import DATABASES, engine
from troth.hub.backup.parts import PartsIn
from troth.hub.backup.replaying import Again, ErasuresMissing, check, replay
from troth.hub.setup import migrate

_DATABASE: Final = "database/"
_FILE: Final = "file/"
_VENDORS: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class NotEmptyDenied(Denied):
    """There is an installation already."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and what was erased again."""

    made_at: str
    rows: int
    again: Again


def restore(
    path: Path,
    *,
    passphrase: bytes | None = None,
    log: Path | None = None,
    without_erasures: bool = False,
    force: bool = False,
) -> Restored:
    """Put a backup in the place of what is here. Raises before anything changes, or undoes it.

    `log` is the erasure log that goes on after the backup; the installation's own if left out.
    `without_erasures` says that there is none any more.
    """
    home = settings.HOME
    with running.alone(home):
        recovery.settle(home)
        if not force and _in_use():
            raise NotEmptyDenied(
                f"There is an installation in {home.folder} already.",
                why="All that is in it would be replaced.",
                do="Restore into an empty one (--home), or say that you mean it with --force.",
            )
        about = _looked_through(path, passphrase)
        _fits(path, about)
        mark = (int(about["erasures"][0]), str(about["erasures"][1]))
        chosen = _log(log, mark, without=without_erasures)
        recovery.say(home, recovery.STAGING)
        try:
            restored = _made_ready(path, passphrase, about, chosen, mark)
        except BaseException:
            connections.close_all()
            recovery.settle(home)
            raise
        recovery.say(home, recovery.COMMIT)
        recovery.settle(home)
    return restored


def _in_use() -> bool:
    """Whether an organisation lives in the database that is there."""
    if engine() == "sqlite" and not sqlite.file_of("default").exists():
        return False
    tables = connections["default"].introspection.table_names()
    return Organisation._meta.db_table in tables and Organisation.objects.exists()


def _looked_through(path: Path, passphrase: bytes | None) -> dict[str, Any]:
    """Authenticate every chunk and hold every part to its digest, before anything is touched."""
    if not path.exists():
        raise BackupInvalid(f"{path} is not there.", do="Name the file `troth backup` wrote.")
    with _reading(path, passphrase) as parts:
        names = {name for name, _ in parts.each()}
    if missing := {f"{_DATABASE}{alias}" for alias in DATABASES} - names:
        raise BackupInvalid(f"{path} lacks {', '.join(sorted(missing))}.")
    return parts.about


@contextmanager
def _reading(path: Path, passphrase: bytes | None) -> Iterator[PartsIn]:
    with Reader(path, backups.secret_of, passphrase) as reader:
        yield PartsIn(reader, path)


def _fits(path: Path, about: dict[str, Any]) -> None:
    if about["engine"] != engine():
        raise Invalid(
            f"{path} is of an installation on {_VENDORS[about['engine']]}; "
            f"this one is on {_VENDORS[engine()]}.",
            do="Restore it into an installation with the same kind of database.",
        )
    for name in about["masters"]:
        backups.secret_of(name)
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    theirs = {name for names in about["migrations"].values() for name in names}
    if ahead := sorted(theirs - known):
        raise BackupInvalid(
            f"{path} was made by a newer release ({about['release']}).",
            why=f"This one does not know {len(ahead)} of its changes, such as {ahead[0]}.",
            do="Bring this installation up to that release first. Nothing was changed.",
        )


def _log(given: Path | None, mark: tuple[int, str], *, without: bool) -> Path | None:
    """The log to go by. Raises `ErasuresMissing` where there is none and nobody said so."""
    own = settings.HOME.erasure_log
    chosen = given or (own if own.exists() else None)
    if chosen is None and not without:
        raise ErasuresMissing(
            "Who was erased after the backup was made is not known.",
            why="There is no erasure log here. Without it they would come back.",
            do="Give it with --erasures FILE, or say with --without-erasures that it is lost.",
        )
    if chosen is None:
        return None
    if not chosen.exists():
        raise ErasuresMissing(f"{chosen} is not there.", do="Name the erasure log.")
    check(chosen, mark)
    if given and own.exists() and given.resolve() != own.resolve():
        check(given, erasures.head(own))  # what is known here must be known to it too
    return chosen


def _made_ready(
    path: Path,
    passphrase: bytes | None,
    about: dict[str, Any],
    log: Path | None,
    mark: tuple[int, str],
) -> Restored:
    with _reading(path, passphrase) as parts:
        for name, content in parts.each():
            if name.startswith(_DATABASE):
                _stage(name.removeprefix(_DATABASE), content)
            elif name.startswith(_FILE):
                _stage_file(name.removeprefix(_FILE), content)
    counts: dict[str, dict[str, int]] = parts.end["counts"]
    for alias in DATABASES:
        _whole(alias, counts[alias])
    with _staged():
        migrate(skip_checks=True)
        store.forget_singles()
        store.check_key()
        again = replay(log, mark) if log else Again()
        _told(datetime.fromisoformat(about["made_at"]), again)
        _settled()
        store.forget_singles()
    if log is not None:
        _stage_file("erasures.log", [log.read_bytes()])
    rows = sum(sum(tables.values()) for tables in counts.values())
    return Restored(about["made_at"], rows, again)


def _stage(alias: str, content: Iterable[bytes]) -> None:
    if engine() == "postgresql":
        connections[alias].close()
        postgres.put_aside(alias)
        postgres.stage(alias, content)
    else:
        sqlite.stage(alias, content)


def _stage_file(name: str, content: Iterable[bytes]) -> None:
    home = settings.HOME
    if name == "settings.toml" and (home.folder / name).exists():
        name = "settings.toml.restored"  # it says where the databases are: here, not there
    target = recovery.files(home) / name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with target.open("wb") as file:
        for some in content:
            file.write(some)


def _whole(alias: str, said: dict[str, int]) -> None:
    found = (
        postgres.counted(alias) if engine() == "postgresql" else sqlite.counts(sqlite.staged(alias))
    )
    if found != said:
        raise BackupInvalid(
            "The rows that were restored are not those that were counted.",
            do="Use another copy of the backup. Nothing was changed.",
        )


@contextmanager
def _staged() -> Iterator[None]:
    """Have Django work on what is being made ready. On PostgreSQL that stands in place already."""
    if engine() == "postgresql":
        yield
        return
    kept = {alias: connections[alias].settings_dict["NAME"] for alias in DATABASES}
    ready = {alias: sqlite.staged(alias) for alias in DATABASES}
    try:
        for alias, path in ready.items():
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = str(path)
        yield
    finally:
        for alias, name in kept.items():
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name


def _told(made_at: datetime, again: Again) -> None:
    """Put it on each ledger: its entries since the backup are gone, and here it says why."""
    for organisation in Organisation.objects.all():
        with scope(organisation), transaction.atomic():
            record(
                act=acts.RESTORED,
                organisation=organisation.pk,
                actor=Actor.system("cli"),
                count=again.people.get(organisation.pk, 0),
                detail={"made": made_at.date()},
            )


def _settled() -> None:
    """Have nothing of what was erased again stand in a log or a free page."""
    for alias in DATABASES:
        if connections[alias].vendor == "sqlite":
            with connections[alias].cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections[alias].close()
