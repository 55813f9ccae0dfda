"""Values sealed together: read field by field, and only as far as the open use reaches."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models

from core.conftest import WORKER, Company
from troth.core.errors import Denied
from troth.core.gate import uses
from troth.core.ids import row_id
from troth.core.keyring.opening import NoOpenUseDenied
from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Person
from troth.core.sealing.rows import SealedPart, SealedRowField
from troth.core.sealing.sealed import Sealed, SealInvalid

NAME, EMAIL = "user.name", "user.contact.email"


class Card(Scoped):
    """What a small application would keep of a customer."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    values = SealedRowField(subject="person")
    name = SealedPart(category=NAME, within="values")
    email = SealedPart(category=EMAIL, within="values")
    note = models.TextField(default="")

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "person", "note")

    class Meta(Scoped.Meta):
        app_label = "card_index"  # of no installed app: no other test sees it


@pytest.fixture
def person(company: Company) -> Person:
    with connection.schema_editor() as editor:
        editor.create_model(Card)
    person = company.visitor_writes("ada@marsh.example")
    with reading(person):
        Card.objects.create(person=person, name="Ada Marsh", email="ada@marsh.example")
    return person


@contextmanager
def reading(person: Person, *data: str) -> Iterator[None]:
    with uses.use(actor=WORKER, purpose="support", person=person, data=data or (NAME, EMAIL)):
        yield


def test_parts_are_read_and_changed_like_fields(person: Person) -> None:
    with reading(person):
        card = Card.objects.get()
        assert (card.name, card.email) == ("Ada Marsh", "ada@marsh.example")
        card.name = "Ada Fen"
        assert card.name == "Ada Fen"
        card.save()
        assert (card.name, card.email) == ("Ada Fen", "ada@marsh.example")
    with reading(person):
        found = Card.objects.defer("values").get()
        assert (found.name, found.email) == ("Ada Fen", "ada@marsh.example")
        found.name = "forgotten"
        found.refresh_from_db()
        assert found.name == "Ada Fen"


def test_a_part_the_use_does_not_cover_stays_sealed(person: Person) -> None:
    with reading(person, NAME):
        card = Card.objects.get()
        assert card.name == "Ada Marsh"
        assert isinstance(card.email, Sealed)
        with pytest.raises(NoOpenUseDenied):
            str(card.email)
        assert "ada@marsh" not in repr(everything_of(card))


def test_nothing_clear_stays_with_the_row(person: Person) -> None:
    with reading(person):
        card = Card.objects.get()
        assert card.email == "ada@marsh.example"
        assert b"ada@marsh" not in pickle.dumps(card)
    assert isinstance(card.email, Sealed)
    assert "ada@marsh" not in repr(card.__dict__)


def test_no_file_or_table_has_a_value_in_clear(person: Person) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM card_index_card")
        assert b"ada@marsh" not in b"".join(
            bytes(cell) for row in cursor.fetchall() for cell in row if isinstance(cell, bytes)
        )


def test_changing_one_part_needs_a_use_that_covers_it(person: Person) -> None:
    with reading(person, NAME):
        card = Card.objects.get()
        card.email = "other@marsh.example"
        with pytest.raises(Denied):
            card.save()
    card = Card.objects.get()
    card.note = "called back"
    card.save()  # without a use: what is sealed is written as it was
    with reading(person):
        assert Card.objects.get().email == "ada@marsh.example"


def test_a_row_moved_to_another_does_not_open(company: Company, person: Person) -> None:
    bea = company.visitor_writes("bea@marsh.example", name="Bea Marsh")
    with reading(bea):
        hers = Card.objects.create(person=bea, name="Bea Marsh", email="bea@marsh.example")
    Card.objects.filter(person=person).update(values=Card.objects.get(pk=hers.pk).values)
    with reading(person), pytest.raises((SealInvalid, Denied)):
        _ = Card.objects.get(person=person).name


def test_a_value_still_sealed_is_not_carried_to_another_row(person: Person) -> None:
    card = Card.objects.get()
    with pytest.raises(Denied, match="still sealed"):
        Card(person=person, name=card.name)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: Card.objects.filter(name="Ada Marsh"),
        lambda: Card.objects.filter(name__isnull=True),
        lambda: list(Card.objects.order_by("name")),
        lambda: list(Card.objects.values_list("name")),
    ],
    ids=["look-up", "null", "order", "column"],
)
def test_a_part_is_no_column(person: Person, ask: Any) -> None:
    with reading(person), pytest.raises(FieldError):
        ask()


def everything_of(card: Card) -> list[Any]:
    """What can be reached from the instance."""
    return [card.__dict__, [getattr(card, field.attname) for field in Card._meta.fields]]
