"""Doing a request, step by step."""

from __future__ import annotations

from troth.core.actors import Actor
from troth.core.rights.models import Request


def approve(request: Request, *, actor: Actor) -> None:
    """Let it go on: its steps are laid down, and a task does them."""
    raise NotImplementedError


def fulfil(request: Request, *, actor: Actor) -> Request:
    """Do all steps that are not done, until it is done or stuck."""
    raise NotImplementedError


def take_up() -> int:
    """Go on with what a killed worker left, and try again what is stuck. Returns how many."""
    raise NotImplementedError
