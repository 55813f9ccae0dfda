"""The mails about a contest: to whoever won, to all when it ends later; the number of an entry."""

from __future__ import annotations

from typing import Any

from troth.channels.forms.api import Submission
from troth.channels.surveys.drawing import WON
from troth.channels.surveys.models import Response, Survey
from troth.channels.surveys.putting_off import MOVED
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.kit.outbox.api import Message, register_mail


def about(message: Message) -> dict[str, Any]:
    """What the mails say. They are about the contest alone, and advertise nothing."""
    response = Response.objects.select_related("survey").get(pk=message.about)
    return {
        "survey": response.survey,
        "number": response.ref,
        "company": current().policy.company,
        "time_zone": Organisation.objects.get(pk=response.organisation_id).time_zone,
    }


def numbered(submission: Submission) -> str:
    """For the mail that answers a form: the number by which an entry is found in the list."""
    found = Response.objects.select_related("survey").filter(pk=submission.pk).first()
    if found is None or found.survey.kind != Survey.Kind.CONTEST:
        return ""
    return (
        f"Your entry has the number **{found.ref}**. Keep it: after the draw all numbers "
        "are on the page of the contest, with what decided, and how to check it."
    )


def register() -> None:
    register_mail(kind=WON, template="surveys/mail/won.md", context=about)
    register_mail(kind=MOVED, template="surveys/mail/put_off.md", context=about)
