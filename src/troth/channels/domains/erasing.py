"""Before somebody is erased: what no row of theirs leads to goes too."""

from __future__ import annotations

from troth.channels.domains.clauses import EMAIL, offered, place
from troth.channels.domains.contacts import let_go
from troth.channels.domains.models import Domain, Order
from troth.channels.domains.ordering import forget as forget_order, written
from troth.core.actors import Actor
from troth.core.gate.purging import addresses
from troth.core.people.models import Person
from troth.core.sealing.blind import normalise


def forget(person: Person) -> None:
    """The contacts of their domains are contacts of nothing any more, and what still waits to be
    confirmed from an address of theirs is destroyed. Without a clause for it nobody can open what
    waits; it lapses.
    """
    if not offered():
        return
    found = place()
    for domain in Domain.objects.filter(person__root_id=person.root_id).exclude(technical=None):
        old = domain.technical
        if old is not None and old.person.root_id != person.root_id:
            let_go(domain, old, found)
    orders = list(Order.objects.all())
    theirs = {normalise(kind, text) for kind, text in addresses(person)} if orders else set()
    for order in orders:
        given, _ = written(order, actor=Actor.system("worker"))
        if any(one.category == EMAIL and normalise(EMAIL, one.text) in theirs for one in given):
            forget_order(order)
