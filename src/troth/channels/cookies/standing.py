"""How a browser stands: which categories it may have, and whether it is still to be asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from django.http import HttpRequest

from troth.channels.cookies import declared
from troth.channels.cookies.record import NAME, Record
from troth.core import clock
from troth.core.notices.versions import PolicyMissing, Published, current
from troth.core.organisations.scope import scope
from troth.policy import Policy

_KEPT: Final = "_cookies_standing"
_NOTED: Final = "_cookies_noted"
_PUBLISHED: Final = "_cookies_published"


@dataclass(frozen=True, slots=True)
class Standing:
    """One browser at one organisation's site."""

    asked: tuple[str, ...] = ()
    """The categories the policy in force has that need a choice."""
    accepted: frozenset[str] = frozenset()
    """Those that may be had now: chosen, still covered by that choice, not objected to."""
    objected: frozenset[str] = frozenset()
    """Those that the browser itself has said no to."""
    record: Record | None = None
    unanswered: frozenset[str] = frozenset()
    """Those that are still to be asked about."""

    def allows(self, category: str) -> bool:
        return category == declared.NECESSARY or category in self.accepted


def standing_of(request: HttpRequest) -> Standing:
    """How the browser of this request stands. Nothing is allowed without a published policy."""
    found: Standing | None = getattr(request, _KEPT, None)
    if found is None:
        published = published_for(request)
        found = standing_under(request, published) if published else Standing()
        setattr(request, _KEPT, found)
    return found


def was_asked(request: HttpRequest) -> bool:
    """Whether what was answered may depend on how the browser stands."""
    return hasattr(request, _KEPT)


def standing_under(request: HttpRequest, published: Published) -> Standing:
    """The same under this version."""
    asked = declared.asked(published.policy)
    objects = getattr(request, "gpc", False)  # set by the hub from the browser's header
    objected = declared.OBJECTED.intersection(asked) if objects else frozenset()
    record = _record(request, published.policy)
    if record is None:
        return Standing(asked, frozenset(), objected, None, frozenset(asked) - objected)
    grown = declared.grown(record.version, published)
    accepted = record.accepted.intersection(asked) - grown - objected
    return Standing(asked, accepted, objected, record, grown.intersection(asked) - objected)


def note(request: HttpRequest, record: Record | None) -> None:
    """Take this for the browser's choice from now on: the answer is on its way to it."""
    setattr(request, _NOTED, (record,))
    setattr(request, _KEPT, None)


def chosen(accepted: Collection[str], published: Published) -> Record:
    """A choice made now under this version."""
    wanted = frozenset(accepted).intersection(declared.asked(published.policy))
    return Record(clock.now().date(), wanted, published.version)


def published_for(request: HttpRequest) -> Published | None:
    """The policy of the site the request came to, also outside of its scope; asked for once."""
    organisation: Any = getattr(request, "organisation", None)
    if organisation is None:
        return None
    if not hasattr(request, _PUBLISHED):
        try:
            with scope(organisation):
                setattr(request, _PUBLISHED, current())
        except PolicyMissing:
            setattr(request, _PUBLISHED, None)
    found: Published | None = getattr(request, _PUBLISHED)
    return found


def _record(request: HttpRequest, policy: Policy) -> Record | None:
    """The choice a request comes with, unless it has ended."""
    noted = getattr(request, _NOTED, None)
    if noted is not None:
        found: Record | None = noted[0]
        return found
    found = Record.read(request.COOKIES.get(NAME, ""))
    if found is None or found.day > clock.now().date() or _ended(found.day, policy):
        return None  # a day to come is none of ours
    return found


def _ended(day: date, policy: Policy) -> bool:
    """Whether a choice of that day is over: after the life of the cookie it is kept in."""
    kept = declared.cookie(policy, NAME)
    if kept is None or kept.lifetime is None:
        return False
    return kept.lifetime.due(datetime.combine(day, time.max, UTC)) < clock.now()
