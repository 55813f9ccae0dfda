"""Answering: a form of the touchpoint with the survey's questions in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from troth.channels.forms.api import Submission, submit
from troth.channels.surveys.models import Response, Survey
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.changing import renew
from troth.core.errors import Invalid
from troth.core.people.records import Given

MARK: Final = "#"
"""Between the clause's field and the number of the question, in the name of an answer."""


class ClosedInvalid(Invalid):
    """It takes no more answers."""

    status = 410


class EnteredInvalid(Invalid):
    """Whoever this is has entered already."""


@action
def answer(
    survey: Survey,
    *,
    actor: Actor,
    given: Sequence[Given],
    choices: Mapping[str, tuple[bool, str]],
    once: str,
    objects: bool = False,
) -> Submission:
    """Take an answer. Sending the same again changes nothing.

    Raises `ClosedInvalid`, `EnteredInvalid` for a second entry in a contest (nothing of it is
    kept), `UseDenied` for data outside the clause.
    """
    contest = survey.kind == Survey.Kind.CONTEST
    renew(survey, held=contest)  # of a contest, an entry is in before it closes, or not at all
    if not is_open(survey):
        raise ClosedInvalid("This is closed and takes no more answers.", do="Thank you for coming.")
    submission = submit(
        actor=actor,
        touchpoint=survey.touchpoint,
        given=given,
        choices=choices,
        once=once,
        objects=objects,
    )
    if not Response.objects.filter(pk=submission.pk).exists():
        try:
            with transaction.atomic():
                _response(survey, submission).save(force_insert=True)
        except IntegrityError as error:
            raise EnteredInvalid("This address has entered already.") from error
    return submission


def confirmed(submission: Submission, about: UUID) -> None:
    """Count what somebody answered who confirmed it from their address, as `on_confirmed` has it:
    also after the end, since it was sent before, and once for each entrant.
    """
    survey = Survey.objects.filter(pk=about).first()
    if survey is not None and survey.drawn_at is None:
        made = _response(survey, submission)
        if not Response.objects.filter(survey=survey, entrant=made.entrant).exists():
            made.save(force_insert=True)


def _response(survey: Survey, submission: Submission) -> Response:
    once_each = survey.kind == Survey.Kind.CONTEST
    return Response(
        pk=submission.pk,
        organisation_id=survey.organisation_id,
        survey=survey,
        person_id=submission.person_id,
        entrant=submission.person.root_id if once_each else submission.pk,
    )


def is_open(survey: Survey) -> bool:
    """Whether it takes answers now, also where nobody has closed it yet."""
    late = survey.closes_at is not None and survey.closes_at <= clock.now()
    return survey.state == Survey.State.OPEN and not late


def name_of(element: str, number: int) -> str:
    """What the answer to a question is called among what is held about somebody."""
    return f"{element}{MARK}{number}"


def number_in(name: str) -> int:
    """The question an answer belongs to; 0 for what is no answer to one."""
    _, mark, number = name.partition(MARK)
    return int(number) if mark and number.isdigit() else 0
