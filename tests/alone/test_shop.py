"""A shop that installs the core gets sealing, the gate, the ledger and the walls for its model."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from shop.models import Order

from troth.core.api import (
    Actor,
    Given,
    NoOpenUseDenied,
    Organisation,
    ScopeMissing,
    UseDenied,
    collect,
    publish,
    scope,
    timeline,
    use,
    verify,
)

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
NOTE = "Ring twice: the baby sleeps"
SHOP = Actor.system("shop")


@pytest.fixture
def order() -> Order:
    shop = Organisation.objects.create(slug="shop", name="The Shop")
    policy = Path(__file__).with_name("policy.toml").read_text("utf-8")
    given = [Given("email", "user.contact.email", "ada@customers.example")]
    with scope(shop):
        publish(policy, actor=SHOP)
        data = ["user.contact.email", "user.content.private"]
        with (
            transaction.atomic(),
            collect(actor=Actor.visitor(), touchpoint="shop.order", data=data) as collecting,
        ):
            person = collecting.person(given)
            collecting.hold(person, [*given, Given("note", "user.content.private", NOTE)])
            return Order.objects.create(person=person, article="kite", note=NOTE)


def test_nothing_above_the_core_is_installed() -> None:
    names = {config.name for config in apps.get_app_configs()}
    assert {name.split(".")[1] for name in names if name.startswith("troth.")} == {"core"}


def test_the_project_passes_its_checks_and_has_all_migrations() -> None:
    call_command("check", fail_level="WARNING")
    call_command("makemigrations", check=True, dry_run=True)


def test_the_note_is_sealed_in_the_database_and_closed_without_a_use(order: Order) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM shop_order")
        assert NOTE.encode() not in bytes(cursor.fetchone()[0])
    with scope(order.organisation_id):
        found = Order.objects.get()
        with pytest.raises(NoOpenUseDenied):
            str(found.note)
    with pytest.raises(ScopeMissing):
        Order.objects.get()


def test_a_permitted_use_opens_it_and_stands_on_the_ledger(order: Order) -> None:
    with scope(order.organisation_id):
        data = ["user.content.private"]
        with use(actor=SHOP, purpose="delivery", person=order.person, data=data):
            assert Order.objects.get().note == NOTE
        lines = timeline(order.organisation_id, order.person.ref).lines
        assert any(line.body["purpose"] == "delivery" for line in lines)
        assert verify(order.organisation_id).holds


def test_another_purpose_is_refused_and_says_by_which_clause(order: Order) -> None:
    with scope(order.organisation_id), pytest.raises(UseDenied) as refused:
        data = ["user.content.private"]
        with use(actor=SHOP, purpose="news", person=order.person, data=data):
            pytest.fail("news may not be sent with a note for the driver")
    assert NOTE not in str(refused.value)
