"""The technical contact of a domain: somebody else, named by its owner and told of it at once.

Their address is an element of their own, which they can see and have erased. A change is a request
for correction with its clock (`rights`); it is done after the owner confirmed it by mail.
"""

from __future__ import annotations

from troth.channels.domains import acts
from troth.channels.domains.clauses import AT, EMAIL, Place, place
from troth.channels.domains.models import Domain, Move
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.changing import renew
from troth.core.errors import Denied, Invalid
from troth.core.gate import uses
from troth.core.gate.collecting import collect
from troth.core.ledger.api import record
from troth.core.people.models import Element, Person
from troth.core.people.records import Given, family
from troth.core.rights import api as rights
from troth.core.rights.asking import ABILITY
from troth.core.rights.ending import end
from troth.core.rights.kinds import CORRECTION
from troth.kit.outbox.api import send

NAMED = "domains.named"
MOVING = "domains.moving"


class ContactInvalid(Invalid):
    """There can be no other technical contact, or not this one."""


def name(domain: Domain, address: str, *, actor: Actor) -> None:
    """Make whoever reads this address the technical contact, and tell them. The caller's act."""
    found = place()
    key = _key(found)
    with collect(actor=actor, touchpoint=AT, data=[EMAIL]) as point:
        given = [Given(key, EMAIL, address)]
        contact = point.person(given)
        [held] = point.hold(contact, given, record=domain.pk)
    domain.technical, domain.changed_at = held, clock.now()
    domain.save(update_fields=["technical", "changed_at"])
    _note(acts.CONTACT_NAMED, domain, contact, actor, found)
    send(contact, kind=NAMED, purpose=found.purpose, actor=actor, record=domain.pk, to=held)


@action
def ask(domain: Domain, address: str, *, actor: Actor, way: str) -> Move:
    """Take a request for another technical contact in, and ask the owner by mail.

    `way` is a way of `rights`; whoever acts, nothing moves before the owner confirmed.
    """
    if actor.kind == "staff":
        actor.needs(ABILITY)
    elif actor.person_id not in family(domain.person.root_id):
        raise Denied("This domain is somebody else's.", do="Ask its owner.")
    found, owner = place(), domain.person.root
    request = rights.ask(
        CORRECTION,
        actor=actor,
        way=way,
        person=owner,
        content=rights.Content(
            reply_to=_address_of(owner, actor, found),
            changes={f"{_key(found)}#{domain.ref[:8]}": address},
        ),
    )
    made = Move.objects.create(domain=domain, request=request.pk, asked_at=clock.now())
    _note(acts.CONTACT_ASKED, domain, owner, actor, found)
    send(domain.person, kind=MOVING, purpose=found.purpose, actor=actor, record=made.pk)
    return made


@action
def confirm(move: Move) -> None:
    """The owner says yes, from the link that was mailed to them. Again, it changes nothing."""
    renew(move, held=True)  # of two clicks one confirms
    owner = move.domain.person.root
    actor = Actor("person", owner.ref, person_id=owner.pk)
    request = rights.Request.objects.filter(pk=move.request).first()
    if move.confirmed_at is not None:
        return
    if request is None or request.ended:
        raise ContactInvalid("This request is over.", do="Ask once more if you still want it.")
    move.confirmed_at = clock.now()
    move.save(update_fields=["confirmed_at"])
    _note(acts.CONTACT_CONFIRMED, move.domain, owner, actor, place())
    if request.state == rights.Request.State.UNPROVEN:
        rights.prove(request, actor=Actor.system("domains"), how="link", person=owner)
    rights.approve(request, actor=actor)


@action
def move_to(move: Move, address: str) -> None:
    """Do what was confirmed: the new one is named, the old one's address is erased."""
    domain, found = move.domain, place()
    old = domain.technical
    name(domain, address, actor=Actor.system("domains"))
    if old is not None and old.pk != domain.technical_id:
        let_go(domain, old, found)
    move.done_at = clock.now()
    move.save(update_fields=["done_at"])
    _note(acts.CONTACT_MOVED, domain, domain.person.root, Actor.system("domains"), found)


@action
def resign(domain: Domain, element: Element, *, actor: Actor) -> None:
    """The technical contact does not want to be it. Again, it changes nothing."""
    if domain.technical_id == element.pk:
        let_go(domain, element, place())


def let_go(domain: Domain, old: Element, found: Place) -> None:
    """Erase the address: it serves nothing any more. What else is held of them stays theirs."""
    contact = old.person.root
    end(Element.objects.filter(pk=old.pk), then="erase", clause=found.touchpoint.clause)
    domain.refresh_from_db(fields=["technical"])
    _note(acts.CONTACT_GONE, domain, contact, Actor.system("domains"), found)


def _key(found: Place) -> str:
    if found.technical is None:
        raise ContactInvalid(
            "There is no technical contact here.", why="The policy's clause asks for none."
        )
    return found.technical.key


def _address_of(owner: Person, actor: Actor, found: Place) -> str:
    """Where the owner hears of the outcome: the newest address they gave for domains."""
    with uses.use(actor=actor, purpose=found.purpose, person=owner, data=[EMAIL]):
        held = Element.objects.filter(person__root_id=owner.pk, category=EMAIL, touchpoint=AT)
        mine = held.exclude(name=_key(found)).order_by("-collected_at")
        return next((str(one.value) for one in mine if isinstance(one.value, str)), "")


def _note(act: str, domain: Domain, subject: Person, actor: Actor, found: Place) -> None:
    right = [one for one in found.rules.policy.rights if one.kind == CORRECTION]
    clause = next((one.clause for one in right if one.data), "") or found.touchpoint.clause
    record(
        act=act,
        organisation=domain.organisation_id,
        actor=actor,
        subject=subject.ref,
        purpose=found.purpose,
        clause=clause,
        version=found.published.version,
        data=[EMAIL],
        detail={"domain": domain.ref},
    )
