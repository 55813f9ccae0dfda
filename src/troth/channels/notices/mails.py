"""The mail about a changed policy."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse

from troth.channels.notices import announcing, news
from troth.core.errors import Missing
from troth.core.gate import telling
from troth.core.notices.models import PolicyVersion
from troth.core.notices.versions import current
from troth.kit import links, words
from troth.kit.outbox.api import Message, register_mail

SHOWN: Final = 8
LINK: Final = "preferences"


def register() -> None:
    register_mail(
        kind=announcing.KIND,
        template="notices/mail/changed.md",
        context=_context,
        accepted=_told,
        returned=_untold,
    )


def _context(message: Message) -> dict[str, Any]:
    found = news.of(message.person.root)
    if found is None or found.published.id != message.about:
        raise Missing("A later version is in force, or there is nothing to tell any more.")
    material = [item for item in found.changes if item.material]
    token = links.sign(LINK, message.person.ref)
    return {
        "company": current().policy.company,
        "changes": material[:SHOWN],
        "more": max(0, len(material) - SHOWN),
        "window": words.duration(found.published.rules.window)
        if found.published.rules.window
        else "",
        "refusable": found.refusable,
        "url": links.absolute(reverse("notices:by-link", args=[token])),
    }


def _told(message: Message) -> None:
    """Their server took it: they are told, and their time to refuse runs from now."""
    name = PolicyVersion.objects.values_list("version", flat=True).get(pk=message.about)
    telling.tell(message.person.root, actor=announcing.WORKER, version=name, way="mail")


def _untold(message: Message) -> None:
    """It came back after all: they are not told, and their time to refuse has not begun."""
    name = PolicyVersion.objects.values_list("version", flat=True).get(pk=message.about)
    telling.untell(message.person.root, actor=announcing.WORKER, version=name)
