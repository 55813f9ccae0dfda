"""A case on data that may leave, from its first words until it is shown to a second person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.cases import acts
from troth.core.cases.clauses import Openable, openable_under
from troth.core.cases.entering import OPEN, CaseInvalid, enter, held
from troth.core.cases.models import Case
from troth.core.cases.needs import SEEN_TO, met
from troth.core.cases.opening import name, open_case
from troth.core.people.models import Person

LONGEST: Final = timedelta(days=366)
WORDS: Final = {
    "document": "the document",
    "authority": "which authority it is",
    "scope": "whom and what it covers",
    "validity-judgement": "why it is valid",
    "end-date": "the day on which it ends",
    "written-ground": "why it is needed",
    "written-belief": "what is believed, and why",
    "written-balance": "the balance",
    "how-obtained": "how we came by it",
    "second-approver": "a second person's approval",
    "notice-to-each-person": "that each person was told, and had the time to object",
}
"""Needs in words: what is missing."""
LATER: Final = frozenset({"second-approver", "notice-to-each-person"})
"""Needs that are seen to after the case was shown to a second person."""


@action
def draft(
    *,
    actor: Actor,
    clause: str,
    recipient: str,
    ground: str,
    categories: Collection[str],
    ends_at: datetime,
    words: Mapping[str, str],
    people: Iterable[Person] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    silent_until: datetime | None = None,
) -> Case:
    """Begin a case under a clause of the policy. Raises `CaseInvalid` for a ground, a recipient or
    data that the clause does not name, and for a case without an end.

    `silent_until` is the day until which an order forbids that people are told.
    """
    found = openable_under(clause)
    _check(found, recipient, ground, categories, ends_at, silent_until)
    case = open_case(
        found.kind,
        actor=actor,
        ground=ground,
        recipient=recipient,
        clause=found.clause,
        purpose=found.purpose,
        categories=categories,
        people=people,
        words=words,
    )
    case.since, case.until, case.ends_at = since, until, ends_at
    case.window = str(found.share.window or "")
    if silent_until is not None:
        case.telling, case.silent_until = Case.Telling.LATER, silent_until
    case.save()
    return case


def _check(
    found: Openable,
    recipient: str,
    ground: str,
    categories: Collection[str],
    ends_at: datetime,
    silent_until: datetime | None,
) -> None:
    if ground not in found.grounds:
        raise CaseInvalid(
            "A case needs a ground, out of those that the clause names.",
            do=f"One of: {', '.join(found.grounds)}.",
        )
    if recipient not in {one.key for one in found.recipients}:
        raise CaseInvalid("The clause lets data go to others.", do="Choose a recipient of it.")
    if not categories or set(categories) - set(found.categories):
        raise CaseInvalid(
            "A case covers data that its clause names, and nothing else.",
            do=f"Choose out of: {', '.join(found.categories)}.",
        )
    now = clock.now()
    if not now < ends_at <= now + LONGEST:
        raise CaseInvalid(
            "A case ends within a year.",
            why="What has no end is forgotten, and stays open.",
            do="Set a day; another case can follow it.",
        )
    if silent_until is not None and not now < silent_until <= now + 3 * LONGEST:
        raise CaseInvalid(
            "An order that forbids to tell people has a last day.",
            do="Enter the day after which they may be told.",
        )


@action
def add_people(case: Case, people: Iterable[Person], *, actor: Actor) -> int:
    """Name more people whom a draft covers. Returns how many are new."""
    actor.needs(OPEN)
    held(case, Case.State.DRAFT)
    added = name(case, people)
    if added:
        enter(case, acts.NOTED, actor=actor, words="People were added.", count=added)
    return added


def lacking(case: Case) -> list[str]:
    """The needs of its clause, and of every case, that nobody has seen to yet."""
    needs = dict.fromkeys(needs_of(case))
    seen = met(case)
    return [need for need in needs if f"need:{need}" not in seen]


def needs_of(case: Case) -> list[str]:
    """What the case has to have: what its clause asks for, and what every case of its kind has."""
    found = list(openable_under(case.clause).needs)
    if case.kind == Case.Kind.LEGAL:
        found += ["document", "authority", "validity-judgement"]
    if case.kind == Case.Kind.REPORT:
        found.append("authority")
    if case.kind != Case.Kind.TRANSFER:  # whom it covers is found once it is approved
        found.append("scope")
    return list(dict.fromkeys([*found, "end-date"]))


@action
def submit(case: Case, *, actor: Actor) -> None:
    """Show the case to a second person. Raises `CaseInvalid` while something is missing."""
    actor.needs(OPEN)
    held(case, Case.State.DRAFT)
    missing = [one for one in lacking(case) if one not in LATER]
    if missing:
        raise CaseInvalid(
            f"Not yet: {', '.join(WORDS.get(one, one) for one in missing)}.",
            why="The clause asks for it before a second person looks at the case.",
            do="Add what is missing.",
        )
    case.state = Case.State.WAITING
    case.save(update_fields=["state"])
    enter(case, acts.SUBMITTED, actor=actor)


def unknown(needs: Iterable[str]) -> list[str]:
    """Needs that no case can see to: they are none of the words this software knows."""
    return [need for need in needs if need not in SEEN_TO]


def waiting_for(actor: Actor) -> QuerySet[Case]:
    """Cases that this member of the staff could approve: not those they opened themselves."""
    if "cases.approve" not in actor.abilities:
        return Case.objects.none()
    return Case.objects.filter(state=Case.State.WAITING).exclude(opened_by=actor.ref)
