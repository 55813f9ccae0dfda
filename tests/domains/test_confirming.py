"""What owners say yes to by mail: twice, too late, or not at all."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from accounts.conftest import Company
from accounts.customers import words
from troth.channels.domains import contacts, ordering
from troth.channels.domains.asking import LINK
from troth.channels.domains.models import Domain, Order
from troth.channels.domains.source import ConfirmDenied, Domains, NameDenied
from troth.core.actors import Actor
from troth.core.notices.versions import current
from troth.core.people.records import Given
from troth.core.rights.api import Subject
from troth.core.rights.kinds import CORRECTION
from troth.kit import links

pytestmark = pytest.mark.parametrize("company", ["com1"], indirect=True)
NAMES = {
    "domain": ("user.contact.url", "quill.example"),
    "registrant": ("user.name", "Ada"),
    "address": ("user.contact.address", "1 Road"),
    "phone": ("user.contact.phone_number", "+44 20 7946 0001"),
}


def ordered(address: str) -> Order:
    """An order that waits for whoever reads the address."""
    given = [Given(name, *rest) for name, rest in NAMES.items()]
    given.append(Given("email", "user.contact.email", address))
    return ordering.hold_back(actor=Actor.visitor(), given=given, shown=[], once=address)


def test_who_was_slower_is_told_so_and_nothing_is_kept_of_their_order(company: Company) -> None:
    first, second = ordered("ada@people.example"), ordered("eve@people.example")
    ordering.confirm(first)
    path = f"/domains/confirm/{links.sign(LINK, second.ref)}"
    answer = Client().post(path, {"version": current().version}, secure=True)
    assert answer.status_code == 409
    assert "Nothing was kept of your order" in words(answer)
    assert not Order.objects.exists()


@pytest.mark.again
def test_a_second_click_makes_no_second_domain(company: Company) -> None:
    order = ordered("ada@people.example")
    ordering.confirm(order)
    with pytest.raises(ordering.OrderMissing):
        ordering.confirm(order)
    assert Domain.objects.count() == 1


def test_a_second_click_moves_no_contact_twice(company: Company) -> None:
    domain = ordering.confirm(ordered("ada@people.example"))
    owner = domain.person.root
    actor = Actor("person", owner.ref, person_id=owner.pk)
    made = contacts.ask(domain, "new@people.example", actor=actor, way="link")
    again = type(made).objects.get(pk=made.pk)
    contacts.confirm(made)
    contacts.confirm(again)
    assert again.confirmed_at == made.confirmed_at


def test_a_correction_goes_past_no_domain(company: Company) -> None:
    domain = ordering.confirm(ordered("ada@people.example"))
    with transaction.atomic():
        contacts.name(domain, "desk@firm.example", actor=Actor.system("domains"))
    assert domain.technical is not None
    for person, key, denial in (
        (domain.person, "domain", NameDenied),
        (domain.technical.person, "technical-contact", ConfirmDenied),
    ):
        subject = Subject(uuid4(), person.pk, person.ref, records=(person.pk,))
        with pytest.raises(denial):
            Domains().plan(CORRECTION, subject, {key: "other.example"})
        assert Domains().plan(CORRECTION, subject, {"registrant": "Ada"}) == []
