"""One change to many conversations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from troth.channels.conversations.actions import handing, marking, moving, settling
from troth.channels.conversations.models import Conversation
from troth.core.actors import Actor
from troth.core.errors import Invalid, Refusal

MOST: Final = 200
VERBS: Final[dict[str, Callable[..., Conversation]]] = {
    "assign": moving.assign,
    "take": handing.take,
    "release": handing.release,
    "transfer": moving.transfer,
    "set_state": settling.set_state,
    "set_priority": settling.set_priority,
    "tag": marking.tag,
    "untag": marking.untag,
}


@dataclass(frozen=True, slots=True)
class Bulk:
    """How it went: how many were changed, and why others were not (by ref)."""

    done: int
    refused: dict[str, str]


def bulk(refs: Sequence[str], *, actor: Actor, verb: str, **given: Any) -> Bulk:
    """Do `assign`, `take`, `release`, `transfer`, `set_state`, `set_priority`, `tag` or `untag` to
    many (at most 200). Each stands for itself: one that is refused stops no other.

    `revisions` (by ref) refuses those that somebody else changed meanwhile.
    """
    if verb not in VERBS or len(refs) > MOST:
        raise Invalid(f"Many at a time are at most {MOST}: {', '.join(VERBS)}.")
    revisions = given.pop("revisions", {})
    found = {one.ref: one for one in Conversation.objects.filter(ref__in=refs)}
    done, refused = 0, dict[str, str]()
    for ref in dict.fromkeys(refs):
        if ref not in found:
            refused[ref] = "There is no such conversation."
            continue
        try:
            VERBS[verb](found[ref], actor=actor, revision=revisions.get(ref), **given)
            done += 1
        except Refusal as no:
            refused[ref] = no.what
    return Bulk(done, refused)
