"""The mail that answers a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.urls import reverse

from troth.channels.forms import queries
from troth.channels.forms.models import Submission
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.kit import links
from troth.kit.outbox.api import Message, register_mail

_more: Final[list[Callable[[Submission], str]]] = []


def on_answer(say: Callable[[Submission], str]) -> None:
    """Have a part add a paragraph to the mail that answers what was sent to it; "" adds none."""
    if say not in _more:  # `ready()` may run again
        _more.append(say)


def received(message: Message) -> dict[str, Any]:
    """What the answer says: which form, when, what follows; no word of what was written."""
    submission = Submission.objects.get(pk=message.about)
    published = current()
    touchpoint = published.rules.touchpoints.get(submission.touchpoint)
    organisation = Organisation.objects.get(pk=submission.organisation_id)
    return {
        "submission": submission,
        "organisation": organisation,
        "title": touchpoint.title if touchpoint else submission.touchpoint,
        "appointment": getattr(submission, "appointment", None),
        "case": getattr(submission, "case", None),
        "company": published.policy.company,
        "time_zone": organisation.time_zone,
        "wishes": queries.wishes(submission),
        "left": queries.left(submission),
        "more": [words for say in _more if (words := say(submission))],
        "confirm": links.absolute(
            reverse("forms:confirm", args=[links.sign("forms.confirm", submission.ref)])
        ),
        "choices": links.absolute("/preferences/" + links.sign("preferences", message.person.ref)),
    }


def attachments(message: Message) -> list[Any] | None:
    """The calendar invitation of an appointment."""
    submission = Submission.objects.get(pk=message.about)
    booked = getattr(submission, "appointment", None)
    if booked is None:
        return None
    from troth.channels.forms.invitations import invitation  # noqa: PLC0415 - rarely needed

    return [invitation(booked, current().policy.company, queries.address(submission))]


def register() -> None:
    register_mail(
        kind="forms.received",
        template="forms/mail/received.md",
        context=received,
        attachments=attachments,
    )
