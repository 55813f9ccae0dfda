"""Recipients of the data, told of a correction or deletion."""

from __future__ import annotations

from troth.core.actors import Actor
from troth.core.rights.models import Telling


def told(telling: Telling, *, actor: Actor) -> None:
    """Note that the recipient was told; it is asked again later if it does not answer."""
    raise NotImplementedError


def was_answered(telling: Telling, *, actor: Actor, done: bool) -> None:
    """Note the recipient's answer."""
    raise NotImplementedError
