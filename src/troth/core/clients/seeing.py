"""What a provider sees of its clients: that they are there, how many people they have, and, under
a grant, those people as far as the grant's purpose reaches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from troth.core.actors import Actor
from troth.core.clients import acts, attempts, contracts, grants
from troth.core.clients.models import ClientGrant
from troth.core.errors import Missing
from troth.core.gate import uses
from troth.core.gate.audiences import audience
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import current_organisation_id, scope
from troth.core.people.models import Element, Person
from troth.core.staff.models import Membership

EMAIL: Final = "user.contact.email"
SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people a client has, and how many may be written to, by the label of a purpose."""

    people: int
    lists: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One person of a client, under a grant. `values` are sealed values that are open now."""

    ref: str
    values: tuple[str, ...]


def clients_of(provider: Organisation) -> QuerySet[Organisation]:
    """The clients of an organisation. Raises `ContractDenied` for a reseller that has not accepted
    the terms."""
    contracts.has_to_be_accepted(provider)
    return Organisation.objects.filter(provider=provider)


def client(provider: Organisation, slug: str) -> Organisation:
    """One of its clients. Raises `Missing`, also for somebody else's."""
    found = clients_of(provider).filter(slug=slug).first()
    if found is None:
        raise Missing("There is no such client.", do="Choose one of the list.")
    return found


def counts(found: Organisation, *, actor: Actor) -> Counts:
    """How long the client's lists are. The look is on the client's ledger; nothing is opened."""
    actor.needs("clients.see")
    with scope(found):
        published = current()
        lists = [
            (one.label, audience(purpose=key, data=[EMAIL]).count())
            for key, one in published.rules.purposes.items()
            if one.use.startswith("marketing")
        ]
        humans = Person.objects.exclude(state=Person.State.CARRIER)
        people = humans.filter(merged_into__isnull=True).count()
        with transaction.atomic():
            record(act=acts.COUNTED, organisation=found, actor=actor, version=published.version)
    return Counts(people, tuple(lists))


def provider_staff() -> frozenset[str]:
    """References of the staff of the provider, and of the host, of the organisation in scope."""
    here = Organisation.objects.get(pk=current_organisation_id())
    if here.provider_id is None:
        return frozenset()
    found: set[str] = set()
    for owner in Organisation.objects.filter(Q(pk=here.provider_id) | Q(is_host=True)):
        with scope(owner):
            found.update(Membership.objects.values_list("ref", flat=True))
    return frozenset(found)


def grant_of(found: Organisation) -> ClientGrant | None:
    """The grant of a client that holds now, if any."""
    with scope(found):
        return grants.in_force().first()


def people(
    found: Organisation, provider: Organisation, *, actor: Actor
) -> tuple[ClientGrant, list[Row]]:
    """Names and addresses of people of a client, as far as the purpose of its grant reaches. Each
    look is a use on the client's ledger. Raises `ClientDenied` where no grant holds.
    """
    actor.needs("clients.see")
    grant = grant_of(found)
    if grant is None:
        raise attempts.refused(found, provider, actor=actor)
    helper = Actor("staff", actor.ref, purposes=frozenset({grant.purpose}))
    with scope(found):
        # Of those it reaches: most of whoever came last are visitors, who have no address.
        reached = audience(purpose=grant.purpose, data=[EMAIL])
        newest = reached.order_by("-person__last_contact_at").values_list("person_id", flat=True)
        values: dict[object, list[str]] = {}
        with uses.use_audience(
            actor=helper, purpose=grant.purpose, data=[EMAIL], among=list(newest[:SHOWN])
        ) as opening:
            held = Element.objects.filter(category=EMAIL, person_id__in=opening.whom)
            for element in held.select_related("person"):
                if isinstance(element.value, str):
                    values.setdefault(element.person.ref, []).append(element.value)
    return grant, [Row(str(ref), tuple(found)) for ref, found in values.items()]
