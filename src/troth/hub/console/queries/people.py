"""People as a list, without any value; and finding one by an exact identifier."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from troth.channels.web.api import Visitor
from troth.core.actors import Actor
from troth.core.errors import Invalid, Missing
from troth.core.gate import uses
from troth.core.people import records
from troth.core.people.models import Element, Person

PER_PAGE = 25
LONGEST = 254
_PHONE = re.compile(r"\+?[\d\s()./-]{5,40}", re.ASCII)
STATES = {"identified": Person.State.IDENTIFIED, "anonymous": Person.State.ANONYMOUS}


class SearchInvalid(Invalid):
    """What was typed cannot be an identifier."""


class PersonMissing(Missing):
    """There is no such person in this organisation."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One person in the list: nothing that names them."""

    ref: str
    state: str
    last_contact_at: datetime
    elements: int
    restricted: bool


def humans() -> QuerySet[Person]:
    """One record for each human: the root of each family of merged records."""
    return Person.objects.filter(merged_into__isnull=True).exclude(state=Person.State.CARRIER)


def recent(page: str, state: str = "") -> Page[Listed]:
    """People by last contact, newest first."""
    people = humans().order_by("-last_contact_at", "-id")
    if state in STATES:
        people = people.filter(state=STATES[state])
    else:  # browsers that nobody is known behind would stand before everybody else
        unknown = Visitor.objects.values("person_id")
        people = people.exclude(state=Person.State.ANONYMOUS, pk__in=unknown)
    found: Page[Any] = Paginator(people, PER_PAGE).get_page(page)
    found.object_list = listed(found.object_list)
    return found


def listed(people: Iterable[Person]) -> list[Listed]:
    """The people as the list shows them, with how much is held of each."""
    rows = list(people)
    held = dict(
        Element.objects.filter(person__root__in=rows)
        .values("person__root_id")
        .annotate(number=Count("id"))
        .values_list("person__root_id", "number")
    )
    closed = set(
        Person.objects.filter(root__in=rows, restricted_at__isnull=False).values_list(
            "root_id", flat=True
        )
    )
    return [
        Listed(p.ref, p.state, p.last_contact_at, held.get(p.pk, 0), p.pk in closed) for p in rows
    ]


def category_of(text: str) -> str:
    """What kind of identifier this is, by its looks."""
    if "@" in text:
        return "user.contact.email"
    if _PHONE.fullmatch(text):
        return "user.contact.phone_number"
    return "user.name"


def find(
    text: str, *, actor: Actor, purpose: str, restricted: bool = True
) -> tuple[str, list[Person]]:
    """The category looked in, and the people who have exactly this. Raises `SearchInvalid`,
    `UseDenied`.

    Who is restricted is found, marked so, and nothing of theirs opens: otherwise a colleague would
    take them for unknown, and ask them for everything once more.
    """
    text = text.strip()
    if not text or len(text) > LONGEST or "\x00" in text:
        raise SearchInvalid(
            "There is nothing to look for.",
            why=f"An identifier has 1 to {LONGEST} characters.",
            do="Enter an e-mail address, a phone number or a full name, exactly as it was given.",
        )
    category = category_of(text)
    with uses.search(actor=actor, purpose=purpose, category=category):
        found: list[UUID] = records.search(category, text, restricted=restricted)
    return category, list(Person.objects.filter(pk__in=found).order_by("-last_contact_at"))


def person(ref: str) -> Person:
    """The person of this reference, here. Raises `PersonMissing`, also for another's people."""
    found: Person | None = Person.objects.filter(ref=ref).select_related("root").first()
    if found is None:
        raise PersonMissing(
            "There is no such person.",
            why="Nobody of this organisation has this reference; they may have been erased.",
            do="Look them up again by an exact e-mail address, phone number or name.",
        )
    return found
