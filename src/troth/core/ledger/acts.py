"""The acts an entry can tell of. Every act is registered once, by the app whose act it is."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from troth.core.errors import Invalid, Missing
from troth.core.ledger import kinds
from troth.core.ledger.kinds import Kind

FIELDS = frozenset(
    (
        *("act", "actor", "at", "clause", "commitment", "count", "data", "detail", "id"),
        *("organisation", "purpose", "subject", "to", "v", "version"),
    )
)
PLACEHOLDERS = frozenset(
    {"actor", "clause", "count", "data", "others", "purpose", "to", "version"}
)  # `others`: how many a bulk act was about besides the reader


class ActMissing(Missing):
    """An act was recorded or read that nothing has registered."""

    status = 500


class ActInvalid(Invalid):
    """A registration contradicts itself or an earlier one."""

    status = 500


@dataclass(frozen=True, slots=True)
class Act:
    """A kind of act: the sentence a person's timeline tells it with, and what detail it takes."""

    name: str
    sentence: str
    detail: Mapping[str, Kind]


_acts: dict[str, Act] = {}


def register(act: str, *, sentence: str, detail: Mapping[str, Kind] | None = None) -> Act:
    """Register an act, in the `ready()` of the app whose act it is.

    `sentence` is a template such as ``"{actor} read your {data} for {purpose}"``; it may use
    `PLACEHOLDERS` and the names in `detail`. `detail` maps a name to its kind (`kinds`).
    Raises `ActInvalid` for an unknown placeholder, a name an entry has already, or a second
    registration that differs from the first.
    """
    kinds.key(act)
    found = Act(act, sentence, MappingProxyType(dict(detail or {})))
    for name in found.detail:
        kinds.key(name)
    used = {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
    if unknown := used - PLACEHOLDERS - found.detail.keys():
        raise ActInvalid(f"The sentence of {act} uses unknown words: {', '.join(sorted(unknown))}.")
    if taken := found.detail.keys() & FIELDS:
        raise ActInvalid(f"The detail of {act} uses names of an entry: {', '.join(sorted(taken))}.")
    earlier = _acts.setdefault(act, found)
    if (earlier.sentence, earlier.detail.keys()) != (sentence, found.detail.keys()):
        raise ActInvalid(f"The act {act} is registered twice, and differently.")
    return earlier


def registered(act: str) -> Act:
    """The act of that name. Raises `ActMissing`."""
    try:
        return _acts[act]
    except KeyError:
        raise ActMissing(
            f"The act {act!r} is not registered."
            if isinstance(act, str) and act.replace(".", "").replace("-", "").isalnum()
            else "An act is not registered.",
            why="Every act on the ledger has a sentence people can read.",
            do="Call ledger.register(act, sentence=…) in the AppConfig.ready() of its app.",
        ) from None


def acts() -> Mapping[str, Act]:
    """All registered acts by name."""
    return MappingProxyType(_acts)
