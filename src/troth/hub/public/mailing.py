"""The mail that brings a person the link to their choices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.urls import reverse

from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied
from troth.core.gate import uses
from troth.core.gate.audiences import audience
from troth.core.notices.versions import current
from troth.core.people import records
from troth.core.people.models import Person
from troth.kit import links
from troth.kit.outbox.api import Message, register_mail, send

KIND: Final = "public.preferences"
LINK: Final = "preferences"
LIFETIME: Final = timedelta(days=400)
"""A link lives longer than a year, so that the one in an old newsletter still opens."""
EMAIL: Final = "user.contact.email"
FITTING: Final = (
    *("functional.storage.privacy_preferences", "essential.service.notifications"),
    *("essential.legal_obligation", "essential"),
)
"""Uses under which a mail about somebody's own choices may go out, the closest first."""


def register() -> None:
    register_mail(kind=KIND, template="public/mail/preferences.md", context=_context)


def link_of(person: Person) -> str:
    """The address of a person's preference page. It opens without a log-in."""
    return reverse("public:preference-link", args=[links.sign(LINK, person.ref)])


@action
def send_link(address: str, *, actor: Actor) -> None:
    """Mail the link to whoever has this address. Nothing tells whether anybody does."""
    for purpose in _purposes():
        try:
            with uses.search(actor=actor, purpose=purpose, category=EMAIL):
                person = records.find(EMAIL, address)
        except Denied:
            continue
        if person is None:
            return
        if audience(purpose=purpose, data=[EMAIL]).filter(person__root_id=person.root_id).exists():
            send(person, kind=KIND, purpose=purpose, actor=actor)
            return


def _purposes() -> list[str]:
    """Essential purposes that fit and may use an address, the closest first."""
    rules = current().rules
    fit = [
        (FITTING.index(use), key)
        for key, purpose in rules.purposes.items()
        if purpose.basis == "essential" and rules.find("use", key, EMAIL).allowed
        for use in FITTING
        if purpose.use.startswith(use)
    ]
    return list(dict.fromkeys(key for _, key in sorted(fit)))


def _context(message: Message) -> dict[str, Any]:
    return {
        "url": links.absolute(link_of(message.person)),
        "company": current().policy.company,
        "days": LIFETIME.days,
    }
