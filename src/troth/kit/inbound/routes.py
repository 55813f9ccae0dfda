"""Which part a mail is for: patterns over the local part of its recipient, or the part's own
answer, registered once.
"""

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


class RouteContestedInvalid(Invalid):
    """More than one party claims the address: nobody gets its mail until that is settled."""


@dataclass(frozen=True)
class Mail:
    """One mail for one recipient. `match` is what the pattern found in the local part.

    `peer` is the address of whoever handed it in, `helo` what they call themselves, `way` how it
    came: ``smtp`` or ``imap``. `sender` is the envelope's; by IMAP nobody knows it.
    """

    sender: str
    recipient: str
    content: bytes
    match: re.Match[str]
    peer: str = ""
    helo: str = ""
    way: str = "smtp"

    @cached_property
    def message(self) -> EmailMessage:
        """The content parsed. Whatever it is, this does not fail; parts of it may."""
        found = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found


Receive = Callable[[Mail], None]
"""Deals with a mail. What it raises has the mail tried again, and then put aside."""
GiveUp = Callable[[Mail, int, str], None]
"""Keeps a mail that failed so many times, with the name of what it failed with."""
Takes = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _Route:
    pattern: re.Pattern[str]
    receive: Receive
    give_up: GiveUp | None = None
    takes: Takes | None = None


_routes: Final[dict[str, _Route]] = {}
_ANY: Final = re.compile(r".*", re.DOTALL)


def receive_at(pattern: str, receive: Receive) -> None:
    """Register, in `AppConfig.ready()`, for recipients whose whole local part matches (in lower
    case). Scope is the receiver's business: mail comes in for no organisation yet.
    """
    if pattern in _routes and _routes[pattern].receive is not receive:
        raise RouteInvalid(f"Mail at {pattern!r} is taken by another part.")
    _routes[pattern] = _Route(re.compile(pattern, re.ASCII), receive)


def receive_where(
    name: str, takes: Takes, receive: Receive, *, give_up: GiveUp | None = None
) -> None:
    """Register for the recipients that `takes` says yes to, after all patterns. `give_up` keeps
    what `receive` failed at a few times; without it, it is put aside.
    """
    _routes[f"\0{name}"] = _Route(_ANY, receive, give_up, takes)


def route(recipient: str) -> tuple[re.Match[str], Receive] | None:
    """Who deals with mail for this address; None: we take none for it."""
    found = _found(recipient)
    return (found[0], found[1].receive) if found else None


def routed(recipient: str) -> tuple[re.Match[str], Receive, GiveUp | None]:
    """As `route`, and who keeps what fails. Raises `RouteMissing` where no part takes it."""
    found = _found(recipient)
    if found is None:
        raise RouteMissing("No part takes mail for this address any more.")
    return found[0], found[1].receive, found[1].give_up


def _found(recipient: str) -> tuple[re.Match[str], _Route] | None:
    local = recipient.rpartition("@")[0].lower()
    for route_ in sorted(_routes.values(), key=lambda one: one.takes is not None):
        match = route_.pattern.fullmatch(local)
        if match is not None and (route_.takes is None or route_.takes(recipient)):
            return match, route_
    return None
