"""The mail that asks people of a list once more."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from troth.channels.imports import queries
from troth.channels.imports.models import Asked
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.kit import links
from troth.kit.outbox.api import Message, register_mail


def asked(message: Message) -> dict[str, Any]:
    """What is asked and where to answer; no word of what the list said."""
    found = Asked.objects.select_related("run").get(pk=message.about)
    return {
        "asked": found,
        "organisation": Organisation.objects.get(pk=found.organisation_id),
        "company": current().policy.company,
        "wishes": queries.wished(found),
        "confirm": links.absolute(
            reverse("imports:confirm", args=[links.sign("imports.confirm", found.ref)])
        ),
        "choices": links.absolute("/preferences/" + links.sign("preferences", message.person.ref)),
    }


def register() -> None:
    register_mail(kind="imports.asked", template="imports/mail/asked.md", context=asked)
