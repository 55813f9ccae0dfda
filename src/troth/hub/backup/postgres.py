"""PostgreSQL: `pg_dump` in a snapshot that is held open, and `pg_restore` in one transaction.

What is there already is put aside as a schema of its own while a restore goes on, so that it can
be had back until the moment the restore counts.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connections

from troth.core.errors import Missing
from troth.core.organisations.rls import EVERYWHERE
from troth.hub.backup.envelope import CHUNK, BackupInvalid
from troth.hub.backup.frozen import Frozen

BEFORE: Final = "troth_before"
_SCOPE: Final = f"-c troth.scope={EVERYWHERE}"
_FROM: Final = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


class ProgramMissing(Missing):
    """PostgreSQL's own programs are not there."""


@contextmanager
def frozen(alias: str, folder: Path) -> Iterator[Frozen]:
    """The database in a snapshot; `pg_dump` reads the same one that the rows were counted in."""
    with _session(alias) as session:
        session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = session.execute("SELECT pg_export_snapshot()").fetchone()[0]
        yield Frozen(counts(session), _dumped(alias, snapshot))


def counts(session: Any) -> dict[str, int]:
    names = session.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).fetchall()
    return {
        name: session.execute(f'SELECT count(*) FROM public."{name}"').fetchone()[0]  # noqa: S608
        for (name,) in names
    }


def counted(alias: str) -> dict[str, int]:
    """Rows by table as they stand now."""
    with _session(alias) as session:
        return counts(session)


def put_aside(alias: str) -> None:
    """Make room: what is in the schema `public` is called `troth_before` from now on."""
    with _session(alias) as session, session.transaction():
        if not _aside(session):
            session.execute(f"ALTER SCHEMA public RENAME TO {BEFORE}")  # the dump makes it anew


def take_back(alias: str) -> None:
    """Have again what was put aside; what stands in its place goes."""
    with _session(alias) as session, session.transaction():
        if _aside(session):
            session.execute("DROP SCHEMA IF EXISTS public CASCADE")
            session.execute(f"ALTER SCHEMA {BEFORE} RENAME TO public")


def let_go(alias: str) -> None:
    """Remove for good what was put aside, and the rows that were deleted since."""
    with _session(alias) as session:
        session.execute(f"DROP SCHEMA IF EXISTS {BEFORE} CASCADE")
        session.execute("VACUUM")


def stage(alias: str, content: Iterable[bytes]) -> None:
    """Have `pg_restore` make everything again from a dump, in one transaction."""
    command = [
        *(_program("pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error"),
        *("--single-transaction", f"--dbname=dbname={_environment(alias)['PGDATABASE']}"),
    ]
    with subprocess.Popen(  # noqa: S603 - our own words
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment(alias)
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        try:
            for some in content:
                process.stdin.write(some)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it has said why
        said = process.stderr.read()
        if process.wait():
            raise BackupInvalid(
                "PostgreSQL did not take the backup.",
                why=_first(said),
                do="Use programs and a server no older than those it was made with.",
            )


def _dumped(alias: str, snapshot: str) -> Iterator[bytes]:
    command = [
        *(_program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"),
        *("--schema=public", "--enable-row-security", f"--snapshot={snapshot}"),
    ]
    with subprocess.Popen(  # noqa: S603 - our own words
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment(alias)
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        while some := process.stdout.read(CHUNK):
            yield some
        said = process.stderr.read()
        if process.wait():
            raise BackupInvalid(
                "PostgreSQL did not give a dump.",
                why=_first(said),
                do="Have pg_dump of the server's version, or name its folder with TROTH_PG_BIN.",
            )


def _first(said: bytes) -> str:
    """The first line of what a program said. The rest may quote rows."""
    return said.decode(errors="replace").strip().partition("\n")[0][:200]


def _aside(session: Any) -> bool:
    query = "SELECT 1 FROM pg_namespace WHERE nspname = %s"
    return session.execute(query, [BEFORE]).fetchone() is not None


@contextmanager
def _session(alias: str) -> Iterator[Any]:
    """A connection of its own that sees every organisation's rows."""
    import psycopg  # noqa: PLC0415 - SQLite does without

    found = _parameters(alias)
    with psycopg.connect(**found, options=_SCOPE, autocommit=True) as session:
        yield session


def _parameters(alias: str) -> dict[str, Any]:
    found = connections[alias].get_connection_params()
    return {key: value for key, value in found.items() if key in _FROM and value}


def _environment(alias: str) -> dict[str, str]:
    """What tells the programs where to go: no password stands on a command line."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    found = {_FROM[key]: str(value) for key, value in _parameters(alias).items()}
    return inherited | found | {"PGOPTIONS": _SCOPE}


def _program(name: str) -> str:
    """PostgreSQL's program: of the folder that is named, else Debian's newest, else the path's."""
    folder = settings.HOME.option("pg_bin")
    newest = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3])
    )
    found = str(Path(folder) / name) if folder else str(newest[-1]) if newest else ""
    found = found or shutil.which(name) or ""
    if not found or not Path(found).exists():
        raise ProgramMissing(
            f"{name} is not there.",
            why="Backups of PostgreSQL are made and restored with its own programs.",
            do="Install PostgreSQL's client programs, or name their folder with TROTH_PG_BIN.",
        )
    return found
