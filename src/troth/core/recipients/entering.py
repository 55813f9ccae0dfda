"""Bonds from a file: what several recipients showed, entered in one go or not at all.

[[bond]]
recipient = "mailing-house"
document = "Attestation of security 2026"
from = 2026-01-15
until = 2027-12-31
level = "sound"                  # of an attestation
assures = ["own-purpose"]        # of a declaration
"""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any, Final

from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.recipients.binding import bind
from troth.core.recipients.models import Bond

KEYS: Final = frozenset({"recipient", "document", "from", "until", "level", "assures"})


@action
def enter(text: str, *, actor: Actor) -> list[Bond]:
    """Enter all bonds of a file. Raises `Invalid` with the number of the one that does not hold."""
    try:
        blocks = tomllib.loads(text).get("bond", [])
    except tomllib.TOMLDecodeError as wrong:
        raise Invalid("The file is no TOML.", why=f"{wrong}.") from None
    if not isinstance(blocks, list) or not blocks:
        raise Invalid("The file holds no [[bond]].")
    return [made for number, block in enumerate(blocks, 1) for made in _one(number, block, actor)]


def _one(number: int, block: Any, actor: Actor) -> list[Bond]:
    if not isinstance(block, dict) or block.keys() - KEYS:
        raise Invalid(f"[[bond]] {number} has keys that are not known.")
    level, assures = block.get("level", ""), block.get("assures", [])
    since, until = block.get("from"), block.get("until")
    named = isinstance(assures, list) and bool(level or assures)
    if not named or not isinstance(since, date) or not isinstance(until, date):
        raise Invalid(
            f"[[bond]] {number} does not hold.",
            do="Give `from` and `until` as dates, and a `level` or what it `assures`.",
        )
    kinds = [*([Bond.Kind.SECURITY] if level else []), *assures]
    return [
        bind(
            actor=actor,
            to=str(block.get("recipient", "")),
            kind=str(kind),
            document=str(block.get("document", "")),
            given_on=since,
            until=until,
            level=level if kind == Bond.Kind.SECURITY else "",
        )
        for kind in kinds
    ]
