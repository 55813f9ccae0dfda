"""Values at rest, and what happens to whoever changes them there."""

from __future__ import annotations

import pickle

import pytest
from django.db import connection, connections

from core.conftest import WORKER, Company
from support.seeded import Seed, assert_nowhere
from troth.core.errors import Denied
from troth.core.gate import uses
from troth.core.keyring.opening import NoOpenUseDenied
from troth.core.keyring.store import KeyMissing, destroy_person_keys
from troth.core.people.models import Element
from troth.core.sealing.sealed import Sealed, SealInvalid

EMAIL = "user.contact.email"


def test_no_value_stands_in_any_file(company: Company) -> None:
    seed = Seed.new()
    for value in seed.values():
        company.visitor_writes("somebody@harbour.example", name=value)
    for alias in ("default", "keyring"):
        connections[alias].close()
    assert_nowhere([*seed.values(), "somebody@harbour.example"], company.folder)


def test_an_unopened_value_shows_itself_in_no_way(company: Company) -> None:
    company.visitor_writes("ada@marsh.example")
    element = Element.objects.get(category=EMAIL)
    assert isinstance(element.value, Sealed)
    assert b"ada@" not in pickle.dumps(element)
    assert "ada@" not in repr(element.value) + repr(element.__dict__)
    for show in (str, "{}".format, "%s".__mod__):
        with pytest.raises(NoOpenUseDenied):
            show(element.value)


def test_a_value_is_sealed_again_once_it_is_saved(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    with uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]):
        element = Element.objects.get(category=EMAIL)
        element.value = "new@marsh.example"
        element.save()
    assert isinstance(element.value, Sealed)
    with uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]):
        assert Element.objects.get(pk=element.pk).value == "new@marsh.example"


def test_a_value_cannot_be_written_without_an_open_use_or_in_bulk(company: Company) -> None:
    company.visitor_writes("ada@marsh.example")
    element = Element.objects.get(category=EMAIL)
    element.value = "other@marsh.example"
    with pytest.raises(Denied):
        element.save()
    with pytest.raises(Denied):
        Element.objects.update(value="other@marsh.example")


def test_a_value_moved_to_another_row_does_not_open(company: Company) -> None:
    ada = company.visitor_writes("ada@marsh.example")
    bea = company.visitor_writes("bea@marsh.example")
    mine = Element.objects.get(person=ada, category=EMAIL)
    theirs = Element.objects.get(person=bea, category=EMAIL)
    with connection.cursor() as cursor:
        theirs_raw = connection.Database.Binary(bytes(theirs.value))
        cursor.execute(
            "UPDATE people_element SET value = %s WHERE id = %s",
            [theirs_raw, mine.pk.hex if connection.vendor == "sqlite" else mine.pk],
        )
    with (
        uses.use(actor=WORKER, purpose="support", person=ada, data=[EMAIL]),
        pytest.raises((SealInvalid, Denied)),
    ):
        _ = Element.objects.get(pk=mine.pk).value


def test_a_changed_byte_is_noticed(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    element = Element.objects.get(category=EMAIL)
    raw = bytearray(bytes(element.value))
    raw[-1] ^= 1
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_element SET value = %s WHERE id = %s",
            [
                connection.Database.Binary(bytes(raw)),
                element.pk.hex if connection.vendor == "sqlite" else element.pk,
            ],
        )
    with (
        uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]),
        pytest.raises(SealInvalid) as caught,
    ):
        _ = Element.objects.get(pk=element.pk).value
    assert "ada@" not in str(caught.value)


def test_without_its_key_a_value_is_gone(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    assert destroy_person_keys([person.pk], company.organisation.pk) == 1
    with (
        uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]),
        pytest.raises(KeyMissing),
    ):
        _ = Element.objects.get(category=EMAIL).value


def test_a_value_is_not_saved_without_its_index(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    element = Element.objects.get(category=EMAIL)
    with uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]):
        before = bytes(element.index)
        element.value = "new@marsh.example"
        with pytest.raises(Denied, match="without its index"):
            element.save(update_fields=["value"])
        element.save(update_fields=["value", "index"])
    assert bytes(Element.objects.get(pk=element.pk).index) != before
