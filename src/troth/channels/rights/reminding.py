"""Reminding whoever deals with requests that some are pressing: in numbers, nothing about whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.urls import reverse

from troth.channels.accounts.api import AccountsMissing, account_purpose
from troth.channels.rights.models import Reminded
from troth.channels.rights.receiving import SYSTEM
from troth.core import clock
from troth.core.rights import api as rights, clocks
from troth.core.rights.asking import ABILITY, counting
from troth.core.staff.models import Membership
from troth.kit import links
from troth.kit.outbox.api import Message, register_mail, send

KIND: Final = "requests.pressing"
FIRST: Final = timedelta(days=1)
"""How far the first look reaches back."""


def register() -> None:
    register_mail(kind=KIND, template="requests/mail/pressing.md", context=context)


@transaction.atomic
def remind() -> int:
    """Mail the staff where a moment to remind of a request (`clocks.reminders`) has come since the
    last look. Returns of how many requests; the next look in the same moment finds none.
    """
    now = clock.now()
    last, made = Reminded.objects.select_for_update().get_or_create(defaults={"at": now})
    since, last.at = now - FIRST if made else last.at, now
    last.save(update_fields=["at"])
    ticking = list(rights.open_requests().filter(due_at__isnull=False, paused_at=None))
    if not ticking:
        return 0
    count = counting()
    pressing = [
        request
        for request in ticking
        if request.due_at is not None
        and any(
            since < moment <= now
            for moment in clocks.reminders(request.received_at, request.due_at, count)
        )
    ]
    if pressing:
        _mail()
    return len(pressing)


def _mail() -> None:
    try:
        purpose = account_purpose()
    except AccountsMissing:
        return  # nobody can log in: there is no staff to write to
    members = Membership.objects.select_related("role", "user__person")
    for member in members.exclude(undertaking_at=None):
        if ABILITY in member.role.abilities:
            send(member.user.person, kind=KIND, purpose=purpose, actor=SYSTEM)


def context(message: Message) -> dict[str, Any]:
    """How many are late, due today, and due in three days, when the mail is written."""
    now, count, found = clock.now(), counting(), {"late": 0, "today": 0, "soon": 0}
    ticking = list(rights.open_requests().filter(due_at__isnull=False, paused_at=None))
    for request in ticking:
        if request.due_at is not None:
            stage = clocks.stage(request.received_at, request.due_at, now, count)
            if stage in found:
                found[stage] += 1
    return {**found, "open": len(ticking), "url": links.absolute(reverse("requests:queue"))}
