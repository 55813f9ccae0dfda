"""Appending to the ledger and verifying it, each beside bare SHA-256 over the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bench.figure import Figure
from bench.places import POSTGRES, SQLITE, inside, installed

VERIFIED: Final = 1_000_000


def measure(names: Sequence[str]) -> dict[str, Figure]:
    """`ledger_append` and `ledger_verify_1m`."""
    found: dict[str, dict[str, Any]] = {}
    verified = VERIFIED if "ledger_verify_1m" in names else 0
    with installed(SQLITE) as installation:
        found[SQLITE] = inside(installation, "ledger", str(verified))
    if "ledger_append" in names:
        with installed(POSTGRES) as installation:
            found[POSTGRES] = inside(installation, "ledger", "0")
    figures = {}
    if "ledger_append" in names:
        figures["ledger_append"] = _append(found)
    if verified:
        figures["ledger_verify_1m"] = _verify(found[SQLITE])
    return figures


def _append(found: dict[str, dict[str, Any]]) -> Figure:
    worse = min(found, key=lambda engine: found[engine]["appended"])
    said = "; ".join(
        f"{engine}: appended {one['appended']:,.0f}/s, recorded beforehand {one['recorded']:,.0f}/s"
        for engine, one in found.items()
    )
    return Figure(
        round(found[worse]["appended"]),
        "entries/s",
        f"bare SHA-256 of the same bodies ({worse})",
        round(found[worse]["append_ratio"], 1),
        f"{said}. Appending: acts that wait are read, checked, hashed into the tree, indexed and "
        "signed, up to 4,096 a transaction, durably. Recording, which happens in the act's own "
        "transaction and is measured with 1,000 acts in each, is not in the value: an act takes "
        "both, one after the other. The peer hashes the same bodies in memory "
        f"({found[worse]['append_bare']:,.0f}/s) and does nothing else; the ratio is our time over "
        "the peer's, the target is the rate.",
    )


def _verify(found: dict[str, Any]) -> Figure:
    return Figure(
        round(found["verify"], 2),
        "s",
        "bare SHA-256 of the same bodies",
        round(found["verify_ratio"], 1),
        f"{VERIFIED:,} entries on SQLite: every body is read from the database, hashed as a leaf, "
        "compared with what is stored, its columns compared with what the body says, the tree "
        "built over it and compared with every stored node and signed checkpoint. The peer hashes "
        f"the same bodies, already in memory, once each ({found['verify_bare']:.2f} s).",
    )
