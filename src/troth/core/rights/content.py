"""What a request says: what they wrote, what they want changed, and how to reach them.

It is sealed under a key of the request's own, so that it can be read after the key of the person
is gone, and goes with that key when the request is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from troth.core.actors import Actor
from troth.core.gate.deposits import letter
from troth.core.keyring.store import KeyMissing
from troth.core.rights.models import Request
from troth.core.sealing.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Content:
    """`words` as they were written; `reply_to` an address for the answer; `changes` the new value
    by element key; `identifiers` values by data category; `purposes` for an objection or a
    withdrawal, none for all; `records` the ids of their records here; `evidence` what an agent
    or operator brought.
    """

    words: str = field(default="", repr=False)
    reply_to: str = field(default="", repr=False)
    changes: Mapping[str, str] = field(default_factory=dict, repr=False)
    identifiers: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    purposes: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        listed = {key: tuple(values) for key, values in stored.get("identifiers", {}).items()}
        known = {key: stored[key] for key in cls.__dataclass_fields__ if key in stored}
        lists = {key: tuple(stored.get(key, ())) for key in ("purposes", "records")}
        return cls(**known | lists | {"identifiers": listed})

    def knowing(self, identifiers: Mapping[str, tuple[str, ...]]) -> Self:
        """With these identifiers beside those it has."""
        found = {key: list(values) for key, values in self.identifiers.items()}
        for key, values in identifiers.items():
            found[key] = list(dict.fromkeys([*found.get(key, []), *values]))
        return replace(self, identifiers={key: tuple(values) for key, values in found.items()})


def read(request: Request, *, actor: Actor) -> Content:
    """What the request says; empty once its key was destroyed."""
    if request.content is None or request.emptied_at is not None:
        return Content()
    with letter(row=request.pk, actor=actor, clause=request.clause):
        try:
            stored = request.content
        except KeyMissing:
            return Content()
    return Content() if isinstance(stored, Sealed) else Content.of(stored)


def write(request: Request, content: Content, *, actor: Actor) -> None:
    """Seal what a request says. The caller saves nothing else of it."""
    with letter(row=request.pk, actor=actor, clause=request.clause):
        request.content = asdict(content)
        request.save(update_fields=["content"])
