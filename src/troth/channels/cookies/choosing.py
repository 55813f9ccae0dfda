"""Choosing: what a browser is told, and what is noted of a known person's choice."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from django.http import HttpRequest, HttpResponseBase, QueryDict

from troth.channels.cookies import declared, listing, setting
from troth.channels.cookies.record import NAME, Record
from troth.channels.cookies.standing import chosen, note, published_for, standing_of
from troth.core.actors import Actor
from troth.core.choices.browsers import YES, choose_cookies, cookie_choices
from troth.core.choices.models import Choice
from troth.core.errors import Invalid
from troth.core.notices.versions import PolicyMissing, Published, version
from troth.core.people.models import Person

BY_PAGE: Final = "cookie-settings"
BY_BROWSER: Final = "browser"
_TO_SEND: Final = "_cookies_to_send"


class NoticeOutdatedInvalid(Invalid):
    """The page was made under a version that is no longer in force."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What came of a choice: the categories accepted, and what was entered for a known person."""

    accepted: frozenset[str]
    entered: list[Choice]


def wanted(sent: QueryDict) -> set[str]:
    """The categories that a form of ours asks for."""
    choice = sent.get("choice", "")
    if choice == "all":
        return set(declared.OPTIONAL)
    return set(map(str, sent.getlist("accept"))) if choice == "some" else set()


def choose(
    request: HttpRequest,
    accepted: Collection[str],
    *,
    shown: str,
    person: Person | None = None,
    way: str = BY_PAGE,
) -> Chosen:
    """Have this browser keep to a choice from now on; the answer to the request carries it there.

    `shown` is the version of the policy that was read: raises `NoticeOutdatedInvalid` if another is
    in force. Where it is known whose choice it is, it goes on the ledger as theirs; for somebody
    unknown nothing is stored but in the browser itself. What the browser objects to by itself is
    not accepted.
    """
    published = published_for(request)
    if published is None or shown != published.version:
        raise NoticeOutdatedInvalid(
            "The privacy policy changed while this page was open.", do="Look it over once more."
        )
    record = chosen(set(accepted) - standing_of(request).objected, published)
    note(request, record)
    setattr(request, _TO_SEND, record)
    made = _enter(person, record, published, way) if person is not None else []
    return Chosen(record.accepted, made)


def meet(request: HttpRequest, person: Person, *, enter: bool = True) -> None:
    """The person behind this browser became known: its choice becomes one of theirs, or the other
    way round, whichever is newer. Without `enter` only the other way round.
    """
    published = published_for(request)
    if published is None or not declared.asked(published.policy):
        return
    standing, theirs = standing_of(request), cookie_choices(person)
    record = _covered(standing.record)
    latest = max((one.at for one in theirs.values()), default=None)
    if record is not None and (latest is None or latest.date() < record.day):
        if enter:
            said = replace(record, accepted=record.accepted - standing.objected)
            _enter(person, said, version(record.version), BY_BROWSER)
    elif latest is not None and (record is None or record.day < latest.date()):
        carried = _carried(theirs, latest)
        note(request, carried)
        setattr(request, _TO_SEND, carried)


def _covered(record: Record | None) -> Record | None:
    """A browser's choice, unless it names a version that there never was: who knows what was read
    then?
    """
    try:
        return record if record is not None and version(record.version) else None
    except PolicyMissing:
        return None


def send(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put what was chosen during this request into its answer."""
    record: Record | None = getattr(request, _TO_SEND, None)
    if record is not None and setting.may_have(request, NAME):
        setting.give(request, response, NAME, str(record))


def _enter(person: Person, record: Record, published: Published, way: str) -> list[Choice]:
    answers = {
        category: listing.answer(published.policy, category, yes=category in record.accepted)
        for category in declared.asked(published.policy)
    }
    actor = Actor("person", person.ref, person_id=person.pk)
    return choose_cookies(person, answers, actor=actor, way=way, published=published)


def _carried(theirs: dict[str, Choice], latest: datetime) -> Record:
    """A person's choices as a browser keeps them: under the oldest version any of them was made,
    so that what was added since is asked about.
    """
    accepted = frozenset(key for key, one in theirs.items() if one.decision in YES)
    oldest = min(theirs.values(), key=lambda one: one.at)
    return Record(latest.astimezone(UTC).date(), accepted, oldest.version)
