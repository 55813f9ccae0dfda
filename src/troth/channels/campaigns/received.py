"""“Why did I get this?”: what a person was sent, and what each letter rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from troth.channels.campaigns.content import SLOT
from troth.channels.campaigns.models import Campaign, Copy
from troth.channels.campaigns.purposes import EMAIL
from troth.core.choices.models import Choice
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person

ARRIVED = (Copy.State.ACCEPTED, Copy.State.COMPLAINED)
SAID = {
    Choice.Decision.GIVEN: "You said yes",
    Choice.Decision.RENEWED: "You said yes again",
    Choice.Decision.REFUSED: "You said no",
    Choice.Decision.WITHDRAWN: "You took back your yes",
    Choice.Decision.EXPIRED: "Your yes ran out",
}


@dataclass(frozen=True, slots=True)
class Said:
    """The person's own choice: in which words, on which day, and its receipt if one is given."""

    words: str
    wording: str
    at: datetime
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """Where and when the address was given, under which clause of which version."""

    place: str
    at: datetime
    clause: str
    version: str


@dataclass(frozen=True, slots=True)
class Received:
    """One letter. `said` is what the person had chosen when it left, `since` what they chose
    after it; `given` where the address came from. `url` is set where it can be read again.
    """

    subject: str
    at: datetime
    purpose: str
    clause: str
    version: str
    basis: str
    said: Said | None
    since: Said | None
    given: Given | None
    url: str = ""


def received(
    person: Person, *, receipt: Callable[[UUID], str] | None = None, limit: int = 20
) -> list[Received]:
    """The letters that reached a person's server, newest first. No value of theirs is read.

    `receipt` makes the address of the ledger's receipt from the id of an entry.
    """
    copies = list(
        Copy.objects.filter(person__root_id=person.root_id, state__in=ARRIVED)
        .select_related("campaign")
        .order_by("-settled_at", "-id")[:limit]
    )
    if not copies:
        return []
    purposes = {copy.campaign.purpose for copy in copies}
    choices = list(
        Choice.objects.filter(
            person__root_id=person.root_id, purpose__in=purposes, manner__in=("", "email")
        ).order_by("at", "id")
    )
    given = _given(person)
    return [_one(copy, choices, given, receipt) for copy in copies]


def as_archived(subject: str) -> str:
    """A subject for everybody: a slot becomes its other words, or a dash where it has none."""
    return SLOT.sub(lambda match: match[2] or "–", subject)


def _one(
    copy: Copy,
    choices: Iterable[Choice],
    given: Given | None,
    receipt: Callable[[UUID], str] | None,
) -> Received:
    campaign, left = copy.campaign, copy.settled_at or copy.due_at
    about = [choice for choice in choices if choice.purpose == campaign.purpose]
    before = [choice for choice in about if choice.at <= left]
    after = [choice for choice in about if choice.at > left]
    known = current().rules.purposes.get(campaign.purpose)
    second = copy.subject == "b" and campaign.subject_b
    shown = campaign.in_archive and campaign.state == Campaign.State.DONE
    return Received(
        as_archived(second or campaign.subject),
        left,
        known.label if known else campaign.purpose,
        campaign.clause,
        campaign.version,
        known.basis if known else "",
        _said(before[-1], receipt) if before else None,
        _said(after[-1], receipt) if after else None,
        given,
        reverse("campaigns:archived", args=[campaign.ref]) if shown else "",
    )


def _said(choice: Choice, receipt: Callable[[UUID], str] | None) -> Said:
    link = receipt(choice.entry) if receipt and choice.entry else ""
    return Said(SAID[Choice.Decision(choice.decision)], choice.wording, choice.at, link)


def _given(person: Person) -> Given | None:
    """Where the address was given first; the value stays sealed."""
    found = (
        Element.objects.filter(person__root_id=person.root_id, category=EMAIL)
        .order_by("collected_at", "id")
        .values_list("touchpoint", "collected_at", "clause", "version")
        .first()
    )
    if found is None:
        return None
    touchpoint, at, clause, version = found
    known = current().rules.touchpoints.get(touchpoint)
    return Given(known.title if known else touchpoint, at, clause, version)
