"""Which part a mail is for: patterns over the local part of its recipient, registered once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from typing import Final

from troth.core.errors import Invalid, Missing


class RouteInvalid(Invalid):
    """Two parts want the same addresses."""

    status = 500


class RouteMissing(Missing):
    """Nobody receives mail at this address."""


@dataclass(frozen=True)
class Mail:
    """One mail for one recipient. `match` is what the pattern found in the local part."""

    sender: str
    recipient: str
    content: bytes
    match: re.Match[str]

    @cached_property
    def message(self) -> EmailMessage:
        """The content parsed. Whatever it is, this does not fail; parts of it may."""
        found = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found


Receive = Callable[[Mail], None]
"""Deals with a mail. What it raises has the mail tried again, and then put aside."""

_routes: Final[dict[str, tuple[re.Pattern[str], Receive]]] = {}


def receive_at(pattern: str, receive: Receive) -> None:
    """Register, in `AppConfig.ready()`, for recipients whose whole local part matches (in lower
    case). Scope is the receiver's business: mail comes in for no organisation yet.
    """
    if pattern in _routes and _routes[pattern][1] is not receive:
        raise RouteInvalid(f"Mail at {pattern!r} is taken by another part.")
    _routes[pattern] = (re.compile(pattern, re.ASCII), receive)


def route(recipient: str) -> tuple[re.Match[str], Receive] | None:
    """Who deals with mail for this address; None: we take none for it."""
    local = recipient.rpartition("@")[0].lower()
    for pattern, receive in _routes.values():
        if (match := pattern.fullmatch(local)) is not None:
            return match, receive
    return None


def routed(recipient: str) -> tuple[re.Match[str], Receive]:
    """As `route`. Raises `RouteMissing` where no part takes it."""
    found = route(recipient)
    if found is None:
        raise RouteMissing("No part takes mail for this address any more.")
    return found
