"""What follows a form, by its touchpoint: a booking, a case number, a mark, a mail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Max

from troth.channels.forms import slots
from troth.channels.forms.models import Appointment, ServiceCase, Submission
from troth.core.actors import Actor
from troth.core.choices.deciding import refuse_solicitation
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.people.models import Person
from troth.core.people.records import Given
from troth.kit.outbox.api import send
from troth.policy import Rules

FollowUp = Callable[[Submission, Person, Sequence[Given], Actor], None]
FIRST_CASE: Final = 1001


def book(submission: Submission, _person: Person, given: Sequence[Given], _actor: Actor) -> None:
    """An appointment at the chosen time. Raises `SlotInvalid` when it is gone."""
    organisation = Organisation.objects.get(pk=submission.organisation_id)
    chosen = next((item.text for item in given if item.name == "slot"), "")
    start = slots.parse(chosen, organisation, current().rules)
    try:
        with transaction.atomic():
            Appointment.objects.create(
                submission=submission, starts_at=start, ends_at=start + slots.LENGTH
            )
    except IntegrityError:
        raise slots.SlotInvalid(
            "This time was booked a moment ago.", do="Pick another; what you wrote is still there."
        ) from None


def open_case(
    submission: Submission, _person: Person, _given: Sequence[Given], _actor: Actor
) -> None:
    """A service case with the next number."""
    last = ServiceCase.objects.aggregate(last=Max("number"))["last"]
    ServiceCase.objects.create(submission=submission, number=(last or FIRST_CASE - 1) + 1)


def stop_solicitation(
    submission: Submission, person: Person, _given: Sequence[Given], actor: Actor
) -> None:
    """The mark against solicitation, for the company's and its partners' offers alike."""
    refuse_solicitation(person, actor=actor, refused=True, way=submission.touchpoint)


FOLLOW_UPS: Final[dict[str, FollowUp]] = {
    "forms.appointment": book,
    "forms.drop-off": open_case,
    "forms.no-solicitation": stop_solicitation,
}


def follow_up(
    submission: Submission,
    person: Person,
    given: Sequence[Given],
    rules: Rules,
    *,
    actor: Actor,
) -> None:
    """Do what the touchpoint asks for, then answer by mail if there is an address."""
    if (step := FOLLOW_UPS.get(submission.touchpoint)) is not None:
        step(submission, person, given, actor)
    purpose = answering_purpose(submission.touchpoint, rules)
    if purpose and any(item.category == "user.contact.email" for item in given):
        send(person, kind="forms.received", purpose=purpose, actor=actor, record=submission.pk)


def answering_purpose(touchpoint: str, rules: Rules) -> str:
    """The purpose under which a form is answered: what was asked for, else an essential one."""
    found = [rules.purposes[key] for key in rules.touchpoints[touchpoint].purposes]
    keys = dict(zip((p.use for p in found), rules.touchpoints[touchpoint].purposes, strict=True))
    for use in ("essential.service", "essential.service.operations.support"):
        if use in keys:
            return keys[use]
    return next(
        (key for use, key in keys.items() if use.startswith(("essential", "functional"))), ""
    )
