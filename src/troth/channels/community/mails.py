"""The mails: that a company is to be in the list, and whether somebody agrees to a story."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.urls import reverse

from troth.channels.community.clauses import LIST, STORY, needed
from troth.channels.community.listing import entries
from troth.channels.community.models import Entry, Story
from troth.channels.community.stories import telling
from troth.core.actors import Actor
from troth.core.errors import Missing
from troth.core.notices.versions import current
from troth.kit import links
from troth.kit.outbox.api import Message, register_mail

LEAVE: Final = "community.leave"
ANSWER: Final = "community.answer"
LIFE: Final = timedelta(days=3650)
"""A no is taken as long as somebody still has the mail."""


def register() -> None:
    """Called once, when the application is ready."""
    register_mail(
        kind=entries.MAIL,
        template="community/mail/listed.md",
        context=_listed,
        accepted=_told,
        returned=_untold,
    )
    register_mail(kind=telling.MAIL, template="community/mail/story.md", context=_story)


def _listed(message: Message) -> dict[str, Any]:
    entry = _there(Entry.objects.filter(pk=message.about).first())
    path = reverse("community:leave", args=[links.sign(LEAVE, entry.ref)])
    where = needed(LIST)
    return {
        "company": current().policy.company,
        "clause": where.shares,
        "window": entries.window(),
        "page": links.absolute(reverse("community:customers")),
        "url": links.absolute(path),
    }


def _told(message: Message) -> None:
    entry = Entry.objects.filter(pk=message.about).first()
    if entry is not None:
        entries.tell(entry, actor=Actor.system("worker"))


def _untold(message: Message) -> None:
    entry = Entry.objects.filter(pk=message.about).first()
    if entry is not None:
        entries.untell(entry, actor=Actor.system("worker"))


def _story(message: Message) -> dict[str, Any]:
    story = _there(Story.objects.filter(pk=message.about).first())
    path = reverse("community:answer", args=[links.sign(ANSWER, story.ref)])
    return {
        "company": current().policy.company,
        "clause": needed(STORY).shares,
        "url": links.absolute(path),
    }


def _there(row: Any) -> Any:
    if row is None:
        raise Missing("It is gone: there is nothing to tell.")
    return row
