"""One change to many conversations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from troth.core.actors import Actor


@dataclass(frozen=True, slots=True)
class Bulk:
    """How it went: how many were changed, and why others were not (by ref)."""

    done: int
    refused: dict[str, str]


def bulk(refs: Sequence[str], *, actor: Actor, verb: str, **given: Any) -> Bulk:
    """Do `assign`, `take`, `release`, `transfer`, `set_state`, `set_priority`, `tag` or `untag` to
    many (at most 200). Each stands for itself: one that is refused stops no other.
    """
    raise NotImplementedError
