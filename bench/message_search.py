"""Searching for words in 1,000,000 messages whose bodies are sealed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bench.figure import Figure
from bench.places import POSTGRES, inside, installed

MESSAGES: Final = 1_000_000


def measure(names: Sequence[str], count: int = MESSAGES) -> dict[str, Figure]:
    """`message_search_1m`."""
    with installed(POSTGRES, durable=False) as installation:
        found = inside(installation, "searching", str(count))
    figure = Figure(
        round(found["few"] * 1000, 1),
        "ms",
        f"FTS5 over all the same texts in clear, two words ({found['clear'] * 1000:.1f} ms)",
        None,
        f"One member of the staff searches for words among {count:,} messages in {count // 10:,} "
        "conversations of as many people on PostgreSQL; 500 conversations (5,000 messages) are "
        "theirs. Nothing about words is stored, in clear or by digest: the search opens what the "
        "member may open anyway, under one use that is on the ledger with its number of people, "
        "and looks. So it takes time with what is open to whoever searches and not with what is "
        f"stored: to somebody to whom all {count:,} messages were open it would take "
        f"{found['everything']:.1f} s, which no page waits for (it stops at 200,000 "
        "messages and says so). What that buys: a copy of the database does not tell which "
        "messages have a word in common, and an erasure leaves no word behind anywhere.",
    )
    return dict.fromkeys(names, figure)
