"""The mail to whoever won."""

from __future__ import annotations

from typing import Any

from troth.channels.surveys.drawing import WON
from troth.channels.surveys.models import Response
from troth.core.notices.versions import current
from troth.kit.outbox.api import Message, register_mail


def won(message: Message) -> dict[str, Any]:
    """What the mail says. It is about the contest alone, and advertises nothing."""
    response = Response.objects.select_related("survey").get(pk=message.about)
    policy = current().policy
    return {"survey": response.survey, "number": response.ref[:8], "company": policy.company}


def register() -> None:
    register_mail(kind=WON, template="surveys/mail/won.md", context=won)
