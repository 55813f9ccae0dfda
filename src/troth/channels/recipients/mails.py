"""The mails: to a person, that their data is to go somewhere; to a recipient, with its own link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.urls import reverse

from troth.channels.recipients import announcing
from troth.channels.recipients.models import Announcement
from troth.core.errors import Missing
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Person
from troth.core.recipients.foretelling import foretell, share_of, untell
from troth.kit import links, words
from troth.kit.categories import in_words
from troth.kit.mail import MailInvalid, transport
from troth.kit.outbox.api import Message, letter, register_mail
from troth.policy.words import ASKED

LINK: Final = "recipients.choice"
INABILITY: Final = "recipients.inability"
LIFE: Final = timedelta(days=400)


def register() -> None:
    register_mail(
        kind=announcing.KIND,
        template="recipients/mail/foretold.md",
        context=_context,
        accepted=_told,
        returned=_untold,
    )


def facts(to: str, purpose: str) -> dict[str, Any]:
    """Who, what, what for, by which clause: as a mail or a page says it. Raises `Missing`."""
    rules = current().rules
    share = share_of(purpose, to, rules)
    if share is None:
        raise Missing("No clause gives this recipient data for that purpose any more.")
    data = dict.fromkeys(str(in_words(rules.category(name))) for name in share.data)
    return {
        "company": current().policy.company,
        "party": rules.recipients[to],
        "purpose": rules.purposes[purpose],
        "data": words.listing(list(data)),
        "clause": share.clause,
        "text": share.text,
        "window": words.duration(share.window.length) if share.window else "",
        "asks": share.choice in ASKED,
    }


def _context(message: Message) -> dict[str, Any]:
    found = Announcement.objects.get(pk=message.about)
    url = links.absolute(choice_path(message.person, found.recipient, found.purpose))
    return facts(found.recipient, found.purpose) | {"url": url}


def _told(message: Message) -> None:
    """Their server took it: they are told, and their time to refuse runs from now."""
    found = Announcement.objects.get(pk=message.about)
    foretell(
        message.person.root,
        actor=announcing.WORKER,
        to=found.recipient,
        purpose=found.purpose,
        way="mail",
    )


def _untold(message: Message) -> None:
    """It came back after all: they are not told, and their time to refuse has not begun."""
    found = Announcement.objects.get(pk=message.about)
    root, to = message.person.root, found.recipient
    untell(root, actor=announcing.WORKER, to=to, purpose=found.purpose)


def choice_path(person: Person, to: str, purpose: str) -> str:
    """The page on which one person says yes or no to one recipient."""
    return reverse(
        "recipients:choice", args=[to, purpose, links.sign(_salt(to, purpose), person.ref)]
    )


def person_of(token: str, to: str, purpose: str) -> Person:
    """Whose link it is. Raises `LinkInvalid`."""
    ref = links.read(token, _salt(to, purpose), LIFE)
    person = Person.objects.filter(ref=ref).select_related("root").first()
    if person is None:
        raise links.LinkInvalid
    return person.root


def _salt(to: str, purpose: str) -> str:
    return f"{LINK}:{to}:{purpose}"


def inability_path(to: str) -> str:
    """The page on which a recipient says that it can no longer protect the data."""
    organisation = Organisation.objects.get(pk=current_organisation_id())
    token = links.sign(f"{INABILITY}:{to}", organisation.ref)
    return reverse("recipients:inability", args=[to, token])


def is_its_own(token: str, to: str) -> None:
    """Raises `LinkInvalid` unless the link was made for this recipient by this organisation."""
    organisation = Organisation.objects.get(pk=current_organisation_id())
    if links.read(token, f"{INABILITY}:{to}", LIFE) != organisation.ref:
        raise links.LinkInvalid


def send_its_link(to: str) -> bool:
    """Mail a recipient the link by which it says so. Returns whether its server took it."""
    party = current().rules.recipients[to]
    if not party.contact:
        return False
    context = {
        "company": current().policy.company,
        "party": party,
        "url": links.absolute(inability_path(to)),
    }
    built, sender = letter("recipients/mail/inability.md", context, to=party.contact)
    try:
        return transport().deliver(built, sender=sender, to=party.contact).state == "accepted"
    except MailInvalid:
        return False


def preferences_token(person: Person) -> str:
    """What opens all choices of the same person."""
    return links.sign("preferences", person.ref)
