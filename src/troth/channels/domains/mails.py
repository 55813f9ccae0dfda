"""The mails about a domain: to its owner, and to whoever is named as technical contact."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.urls import reverse

from troth.channels.domains import contacts, ordering
from troth.channels.domains.clauses import NAME, place
from troth.channels.domains.models import Domain, Move
from troth.channels.domains.names import shown
from troth.core.actors import Actor
from troth.core.gate import uses
from troth.kit import links
from troth.kit.outbox.api import Message, register_mail

OWN: Final = "domains.own"
MOVE: Final = "domains.move"
CONTACT: Final = "domains.contact"
OWN_LIFE: Final = timedelta(days=400)
MOVE_LIFE: Final = timedelta(days=14)
CONTACT_LIFE: Final = timedelta(days=3650)  # a no is taken as long as somebody has the mail
WORKER: Final = Actor.system("worker")


def own_path(domain: Domain) -> str:
    """The page of a domain, for whoever got a mail about it as its owner."""
    return reverse("domains:own", args=[links.sign(OWN, domain.ref)])


def name_of(domain: Domain, actor: Actor) -> str:
    """Its name as people read it, opened for what it is entered in the registry for."""
    purpose = place().purpose
    with uses.use(actor=actor, purpose=purpose, person=domain.person, data=[NAME]):
        return shown(str(domain.name.value))


def _said(domain: Domain) -> dict[str, Any]:
    found = place()
    labels = {one.field.key: one.field.label for one in found.showable}
    return {
        "company": found.rules.policy.company,
        "domain": name_of(domain, WORKER),
        "shown": [labels[key] for key in domain.shown if key in labels],
        "url": links.absolute(own_path(domain)),
    }


def ordered(message: Message) -> dict[str, Any]:
    return _said(Domain.objects.select_related("person", "name").get(pk=message.about))


def moving(message: Message) -> dict[str, Any]:
    """The question whether another technical contact is meant; it does not repeat the address."""
    move = Move.objects.select_related("domain__person", "domain__name").get(pk=message.about)
    token = links.sign(MOVE, move.ref)
    confirm = links.absolute(reverse("domains:move", args=[token]))
    return _said(move.domain) | {"confirm": confirm, "days": MOVE_LIFE.days}


def named(message: Message) -> dict[str, Any]:
    domain = Domain.objects.select_related("person", "name").get(pk=message.about)
    token = links.sign(CONTACT, f"{domain.ref}.{message.to_id.hex}" if message.to_id else "")
    said = _said(domain)
    del said["url"]  # the owner's page is the owner's
    return said | {"resign": links.absolute(reverse("domains:contact", args=[token]))}


def register() -> None:
    about = {
        ordering.ORDERED: ("ordered", ordered),
        contacts.MOVING: ("moving", moving),
        contacts.NAMED: ("named", named),
    }
    for kind, (name, context) in about.items():
        register_mail(kind=kind, template=f"domains/mail/{name}.md", context=context)
