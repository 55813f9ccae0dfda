"""What other parts do when a case ends: lift a suspension, say. The core names none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from troth.core.actors import Actor
from troth.core.cases.models import Case

Hear = Callable[[Case, Actor], None]
_on_closed: Final[dict[str, list[Hear]]] = {}


def on_closed(kind: str, hear: Hear) -> None:
    """Have `hear` called with each case of this kind that is closed, in the same transaction: what
    it raises keeps the case open.
    """
    heard = _on_closed.setdefault(str(Case.Kind(kind)), [])
    if hear not in heard:  # `ready()` may run again
        heard.append(hear)


def closed(case: Case, actor: Actor) -> None:
    """Tell whoever wants to hear of it."""
    for hear in _on_closed.get(case.kind, ()):
        hear(case, actor)
