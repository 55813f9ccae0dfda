"""Choosing the allowed among a million people, on both databases; the worse one is reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bench.figure import Figure
from bench.places import POSTGRES, SQLITE, inside, installed

PEOPLE: Final = 1_000_000


def measure(names: Sequence[str]) -> dict[str, Figure]:
    """`audience_1m_vs_sql` and `audience_1m_vs_loop`."""
    found: dict[str, dict[str, Any]] = {}
    for engine in (SQLITE, POSTGRES):
        with installed(engine, durable=False) as installation:
            found[engine] = inside(installation, "audience", str(PEOPLE))
    figures = {"audience_1m_vs_sql": _sql(found), "audience_1m_vs_loop": _loop(found)}
    return {name: figures[name] for name in names}


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"


def _sql(found: dict[str, dict[str, Any]]) -> Figure:
    worse = max(found, key=lambda engine: found[engine]["one_ratio"])
    said = " ".join(
        f"{engine}: count {_ms(one['one_ours'])}, plain {_ms(one['one_sql'])} "
        f"({one['one_ratio']:.2f}x); listing the {one['chosen']:,} ids {_ms(one['ids_ours'])}, "
        f"plain {_ms(one['ids_sql'])} ({one['ids_ratio']:.2f}x); asked for two categories at once "
        f"{_ms(one['two_ours'])} ({one['two_ratio']:.1f}x the plain count of one)."
        for engine, one in found.items()
    )
    return Figure(
        round(found[worse]["one_ours"] * 1000, 1),
        "ms",
        f"plain indexed SQL count ({worse})",
        round(found[worse]["one_ratio"], 2),
        f"Counting who of {PEOPLE:,} people may get the newsletter by e-mail, the policy asked "
        "first; the peer is the same SELECT count(*) written by hand, over the same index, without "
        f"the policy and without the ORM. {said} Two categories mean that a person needs a usable "
        "permit for each, which the plain count does not ask.",
    )


def _loop(found: dict[str, dict[str, Any]]) -> Figure:
    ratios = {engine: one["loop"] / one["one_ours"] for engine, one in found.items()}
    worse = min(ratios, key=lambda engine: ratios[engine])
    said = ", ".join(
        f"{engine} {ratio:,.0f}x (loop {found[engine]['loop']:,.0f} s)"
        for engine, ratio in ratios.items()
    )
    return Figure(
        round(found[worse]["one_ours"] * 1000, 1),
        "ms",
        f"deciding one by one ({worse})",
        round(ratios[worse], 1),
        f"{said}. The loop asks the policy once and then the database once a person, through the "
        "ORM and the unique index; it is measured with 2,000 people from all over the table and "
        f"scaled to {PEOPLE:,}.",
    )
