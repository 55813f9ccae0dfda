"""What a database's error means, as a key. Its own words may hold values of rows: they are never
kept, logged or shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import exc

from troth.core.rights.sources import SourceInvalid, SourceMissing

SAID: Final = {
    "unreachable": "It does not answer, or does not let us in.",
    "busy": "Somebody else is changing the same rows, or it took too long.",
    "read-only": "It may only be read.",
    "forbidden": "The account may not do this there.",
    "null": "A column that must hold something was to be emptied.",
    "unique": "A value that must be unique was there already.",
    "referenced": "Rows that the description does not name point at rows that were to go.",
    "check": "A rule of the database itself forbids the change.",
    "length": "A value does not fit into its column.",
    "schema": "A table or column is not there, or of another type than described.",
    "other": "The database refused the statement.",
}
_STATES: Final = {
    "23502": "null",
    "23505": "unique",
    "23503": "referenced",
    "23001": "referenced",
    "23514": "check",
    "22001": "length",
    "42501": "forbidden",
    "25006": "read-only",
    "28": "unreachable",
    "08": "unreachable",
    "57P": "unreachable",
    "3D": "unreachable",
    "40": "busy",
    "55P03": "busy",
    "57014": "busy",
    "42": "schema",
    "22": "schema",
}
_NUMBERS: Final = {
    **dict.fromkeys((1048, 1364), "null"),
    **dict.fromkeys((1062, 1586), "unique"),
    **dict.fromkeys((1451, 1452, 1216, 1217), "referenced"),
    **dict.fromkeys((3819, 4025), "check"),
    1406: "length",
    **dict.fromkeys((1142, 1143, 1227, 1370), "forbidden"),
    **dict.fromkeys((1290, 1792), "read-only"),
    **dict.fromkeys((1044, 1045, 1049, 2002, 2003, 2006, 2013), "unreachable"),
    **dict.fromkeys((1205, 1213, 1969, 3024), "busy"),
    **dict.fromkeys((1054, 1146, 1366, 1292), "schema"),
}
_SQLITE: Final = (
    ("NOT NULL", "null"),
    ("UNIQUE", "unique"),
    ("FOREIGN KEY", "referenced"),
    ("CHECK", "check"),
    ("readonly", "read-only"),
    ("locked", "busy"),
    ("no such", "schema"),
    ("unable to open", "unreachable"),
    ("not a database", "unreachable"),
    ("malformed", "unreachable"),
)
AGAIN: Final = frozenset({"unreachable", "busy"})
"""Faults that may be over later: the request stays open."""


def fault(error: BaseException) -> str:
    """The key of what went wrong."""
    cause: Any = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None)
    if state:
        for length in (5, 3, 2):
            if found := _STATES.get(state[:length]):
                return found
        return "other"
    first = cause.args[0] if getattr(cause, "args", ()) else None
    if isinstance(first, int):
        return _NUMBERS.get(first, "other")
    if isinstance(first, str) and type(cause).__module__.startswith("sqlite3"):
        return next((key for sign, key in _SQLITE if sign in first), "other")
    lost = getattr(error, "connection_invalidated", False) or "psycopg" in type(cause).__module__
    if isinstance(error, exc.OperationalError | exc.TimeoutError) and lost:
        return "unreachable"
    return "other"


def refusal(key: str, *, label: str, place: str = "") -> SourceMissing | SourceInvalid:
    """The refusal for a fault, with no word of the database's."""
    where = f"{label}, {place}" if place else label
    if key in AGAIN:
        return SourceMissing(
            f"{where}: the source cannot be reached.", why=SAID[key], do="It is tried again."
        )
    return SourceInvalid(
        f"{where}: the source refused it; nothing was changed there.",
        why=SAID[key],
        do="Mend the description or the database; `troth connect check` says more.",
    )


@contextmanager
def told(label: str, place: str = "") -> Iterator[None]:
    """Turn a database's error into a refusal without its words and without its parameters."""
    try:
        yield
    except (exc.SQLAlchemyError, UnicodeError, OverflowError) as error:
        raise refusal(fault(error), label=label, place=place) from None
