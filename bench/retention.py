"""A retention run, on both databases; the slower one is reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bench.figure import Figure
from bench.places import POSTGRES, SQLITE, inside, installed, processor

RECORDS: Final = 1_000_000


def measure(names: Sequence[str], records: int = RECORDS) -> dict[str, Figure]:
    """`retention_run`."""
    found: dict[str, dict[str, Any]] = {}
    for engine in (SQLITE, POSTGRES):
        with installed(engine, DJANGO_SETTINGS_MODULE="troth.hub.settings") as installation:
            found[engine] = inside(installation, "retention", str(records))
    rates = {engine: one["rows"] / one["run"] for engine, one in found.items()}
    slower = min(rates, key=lambda engine: rates[engine])
    said = "; ".join(
        f"{engine} {rates[engine]:,.0f} rows/s, bare DELETE {one['rows'] / one['delete']:,.0f}"
        for engine, one in found.items()
    )
    one = found[slower]
    return {
        "retention_run": Figure(
            round(rates[slower]),
            "rows/s",
            "a bare DELETE of as many rows",
            round(one["run"] / one["delete"], 2),
            f"A run over {one['held']:,} values of {records // 10:,} people, of which "
            f"{one['rows']:,} are due by their keep clause: the plan, the erasure log on the disk, "
            "the rows and what points at them, permits that lead to nothing, the ledger. Measured "
            f"once: {said}; with fsync on. {processor()}.",
        )
    }
