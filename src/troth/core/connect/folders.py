"""A folder of CSV files as a source: one file a table, with a first line of names.

The files are read into a database in memory, where the same statements run as anywhere else, and
the files that changed are written beside the old ones and put in their place at once.
"""

from __future__ import annotations

import csv
import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.sql.expression import quoted_name

from troth.core.connect import engines
from troth.core.connect.database import Database
from troth.core.connect.description import Description, Table
from troth.core.connect.erasing import nothing_left
from troth.core.connect.problems import Problem
from troth.core.connect.statements import PLAIN, named
from troth.core.rights.sources import Changes, Found, Left, Planned, SourceMissing, Subject

LARGEST: Final = 10_000_000
"""Characters that one cell may hold."""
LOCK: Final = ".troth-lock"


@dataclass
class Folder:
    """A described folder. What changes it holds a lock in it; other programs' writing is not
    locked out, so a file that changed meanwhile is left alone and the step fails.
    """

    key: str
    label: str
    description: Description = field(repr=False)
    folder: Path

    def steps(self, kind: str) -> tuple[str, ...]:
        return self._source(None).steps(kind)

    def plan(self, kind: str, subject: Subject, changes: Changes) -> list[Planned]:
        with self._read() as engine:
            return self._source(engine).plan(kind, subject, changes)

    def found(self, subject: Subject) -> Iterable[Found]:
        with self._read() as engine:
            return list(self._source(engine).found(subject))

    def check(self, kind: str, subject: Subject, changes: Changes) -> list[Left]:
        with self._read() as engine:
            return self._source(engine).check(kind, subject, changes)

    def problems(self) -> list[Problem]:
        with self._read() as engine:
            return [one for one in self._source(engine).problems() if "index" not in one.key]

    def run(self, step: str, kind: str, subject: Subject, changes: Changes) -> int:
        """In memory first; each file is then replaced as a whole, those farthest from the
        identifiers first. A kill in between leaves whole files; what is left is still found by the
        identifiers, and repeating does it.
        """
        with self._locked(), self._read() as engine:
            before = {name: _marks(self._path(one)) for name, one in self._tables().items()}
            touched = self._source(engine).run(step, kind, subject, changes)
            if touched:
                self._write(engine, before)
        with self._read() as engine:
            nothing_left(self._source(engine).check(kind, subject, changes), self.label, kept=True)
        return touched

    def _source(self, engine: Engine | None) -> Database:
        return Database(self.key, self.label, self.description, lambda: engine)

    def _tables(self) -> Mapping[str, Table]:
        return self.description.tables

    def _path(self, table: Table) -> Path:
        """The file of a table: a name that leads out of the folder is no name of a file."""
        if Path(table.name).name != table.name or table.name in ("", ".", ".."):
            raise self._missing(f"{table.name!r} is no name of a file")
        return self.folder / f"{table.name}.csv"

    @contextmanager
    def _read(self) -> Iterator[Engine]:
        engine = engines.memory()
        try:
            with engine.begin() as connection:
                for table in self._tables().values():
                    if not table.skipped:
                        self._load(connection, table)
            yield engine
        finally:
            engine.dispose()

    def _load(self, connection: Any, table: Table) -> None:
        try:
            with self._path(table).open(encoding="utf-8-sig", newline="") as file:
                csv.field_size_limit(LARGEST)
                reader = csv.reader(file, strict=True)
                names = next(reader, [])
                if not names or len(set(names)) != len(names):
                    raise self._missing(f"{table.name}.csv does not begin with names of columns")
                _create(connection, table, names)
                insert = sa.insert(named(table.name, None, names))
                for number, row in enumerate(reader, 2):
                    if len(row) != len(names):
                        raise self._missing(f"{table.name}.csv, line {number}: another length")
                    cells = dict(zip(names, (cell or None for cell in row), strict=True))
                    connection.execute(
                        insert.values({k: sa.bindparam(None, v, PLAIN) for k, v in cells.items()})
                    )
        except (OSError, UnicodeError, csv.Error):
            raise self._missing(f"{table.name}.csv cannot be read") from None

    def _write(self, engine: Engine, before: Mapping[str, tuple[int, int]]) -> None:
        written = []
        with engines.reading(engine) as connection:
            for table in self._tables().values():
                if table.skipped:
                    continue
                path = self._path(table)
                new = path.with_suffix(".csv.troth")
                with path.open(encoding="utf-8-sig", newline="") as file:
                    names = next(csv.reader(file))
                    line = "\r\n" if file.newlines == "\r\n" else "\n"
                cells = named(table.name, None, names)
                with new.open("w", encoding="utf-8", newline="") as file:
                    writer = csv.writer(file, lineterminator=line)
                    writer.writerow(names)
                    order: sa.ColumnElement[Any] = sa.literal_column("rowid")
                    writer.writerows(connection.execute(sa.select(*cells.c).order_by(order)))
                    file.flush()
                    os.fsync(file.fileno())
                new.chmod(path.stat().st_mode & 0o777)
                written.append((table.key, new, path))
        for name, _, path in written:
            if _marks(path) != before[name]:
                for _, rest, _ in written:
                    rest.unlink(missing_ok=True)
                raise self._missing(f"{path.name} was changed by another program meanwhile")
        far = self._distances()
        for _, new, path in sorted(written, key=lambda one: -far.get(one[0], 0)):
            new.replace(path)

    def _distances(self) -> dict[str, int]:
        """How many references each table is away from an identifier."""
        tables = self._tables()
        far = {name: 0 for name, table in tables.items() if table.identities}
        pairs = {
            pair
            for name, table in tables.items()
            for column in table.columns.values()
            for ref in column.references
            for pair in ((name, ref.table), (ref.table, name))
        }
        while new := {there for here, there in pairs if here in far and there not in far}:
            step = max(far.values(), default=0) + 1
            far |= dict.fromkeys(new, step)
        return far

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            with (self.folder / LOCK).open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError:
            raise self._missing("the folder cannot be written") from None

    def _missing(self, why: str) -> SourceMissing:
        return SourceMissing(
            f"{self.label}: the source cannot be reached.", why=f"{why}.", do="It is tried again."
        )


def _marks(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def _create(connection: Any, table: Table, names: list[str]) -> None:
    key = {name for name, column in table.columns.items() if column.primary}
    columns = [
        sa.Column(quoted_name(name, quote=True), sa.Text, nullable=name not in key, index=False)
        for name in names
    ]
    made = sa.Table(quoted_name(table.name, quote=True), sa.MetaData(), *columns)
    if key & set(names):
        made.append_constraint(sa.UniqueConstraint(*sorted(key & set(names))))
    made.create(connection)
