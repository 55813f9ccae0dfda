"""Access and erasure in the own store, on both databases; the slower one is reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bench.figure import Figure
from bench.places import POSTGRES, SQLITE, inside, installed, processor

PEOPLE: Final = 100_000
RECORDS: Final = 1_000
WHAT: Final = {
    "access_own": (
        "access",
        (
            "From the receipt of a request for access to the finished package (page, JSON "
            "and schema, zipped): the plan, the steps, every value opened, the ledger, and "
            "the reading on the ledger"
        ),
    ),
    "erase_own": (
        "erase",
        (
            "From the receipt of a request for deletion to its end: the plan, identifiers for "
            "recipients, each value judged by its keep clause, refusals remembered, the erasure "
            "log on the disk, keys destroyed, rows removed, all read back"
        ),
    ),
}


def measure(names: Sequence[str]) -> dict[str, Figure]:
    """`access_own` and `erase_own`."""
    found: dict[str, dict[str, Any]] = {}
    for engine in (SQLITE, POSTGRES):
        with installed(engine, DJANGO_SETTINGS_MODULE="troth.hub.settings") as installation:
            found[engine] = inside(installation, "own_requests", str(PEOPLE), str(RECORDS))
    return {name: _figure(*WHAT[name], found) for name in names}


def _figure(key: str, what: str, found: dict[str, dict[str, Any]]) -> Figure:
    worse = max(found, key=lambda engine: found[engine][key])
    said = ", ".join(f"{engine} {one[key]:.2f} s" for engine, one in found.items())
    return Figure(
        round(found[worse][key], 3),
        "s",
        "none",
        None,
        f"{what}. A person with {RECORDS:,} records among {PEOPLE:,} people with a record, a "
        f"permit and a key each; one process, median of three, {said}; with fsync on. "
        f"{processor()}.",
    )
