"""A bulk use is one entry, and still everybody it was about sees it and can prove it."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from django.db import transaction

from core.conftest import WORKER, Company
from troth.core.gate import uses
from troth.core.ids import opaque_ref, row_id
from troth.core.ledger import api, receipts, rolls
from troth.core.ledger.models import Entry, Roll
from troth.core.ledger.proofs import check_inclusion
from troth.core.ledger.tree import leaf_hash
from troth.core.people.models import Person

EMAIL = "user.contact.email"


@pytest.fixture
def three(company: Company) -> list[Person]:
    people = [company.visitor_writes(f"{name}@marsh.example") for name in ("ada", "bea", "cyd")]
    for person in (*people, company.visitor_writes("dan@marsh.example")):
        with uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]):
            pass
    with uses.use_many(
        actor=WORKER, purpose="support", data=[EMAIL], people=[one.pk for one in people]
    ):
        pass
    return people


def line_of(company: Company, person: Person) -> api.Line:
    newest = api.timeline(company.organisation, person.ref).lines[0]
    assert newest.act == "gate.used_many"
    return newest


def test_everybody_sees_the_one_entry_and_others_do_not(
    company: Company, three: list[Person]
) -> None:
    lines = [line_of(company, person) for person in three]
    assert len({line.id for line in lines}) == 1
    assert lines[0].sentence() == (
        "The system used your user.contact.email for support, in bulk with 2 other people"
    )
    api.sequence(company.organisation)
    assert line_of(company, three[0]).position is not None
    dan = Person.objects.exclude(pk__in=[person.pk for person in three]).get()
    seen = api.timeline(company.organisation, dan.ref).lines
    assert seen
    assert "gate.used_many" not in [line.act for line in seen]


def test_a_timeline_goes_on_through_bulk_uses(company: Company, three: list[Person]) -> None:
    whole = [line.id for line in api.timeline(company.organisation, three[1].ref).lines]
    found, older = [], None
    while True:
        page = api.timeline(company.organisation, three[1].ref, before=older, limit=1)
        found += [line.id for line in page.lines]
        if (older := page.older) is None:
            break
    assert found == whole
    assert len(found) > 1


def test_a_person_proves_it_offline_and_tells_of_nobody_else(
    company: Company, three: list[Person]
) -> None:
    entry, key = line_of(company, three[0]).id, api.verifier(company.organisation.pk)
    for person in three:
        written = json.dumps(api.receipt(entry, subjects=[person.ref]))
        assert receipts.check(json.loads(written), key).opened
        assert not [other for other in three if other != person and other.ref in written]
    assert "opening" not in api.receipt(entry, subjects=[opaque_ref()])


@pytest.mark.parametrize(
    "change",
    [
        {"value": "0" * 32},
        {"salt": "0" * 64},
        {"index": 1},
        {"index": "first"},
        {"index": -1},
        {"inclusion": []},
        {"inclusion": "nothing"},
        {"inclusion": None},
    ],
    ids=str,
)
def test_a_changed_proof_does_not_hold(
    company: Company, three: list[Person], change: dict[str, Any]
) -> None:
    person = min(three, key=lambda one: one.ref)  # whose place is 0
    found = api.receipt(line_of(company, person).id, subjects=[person.ref])
    changed = copy.deepcopy(found)
    changed["opening"] |= change
    with pytest.raises(receipts.ReceiptInvalid):
        receipts.check(changed, api.verifier(company.organisation.pk))


def test_no_proof_is_given_of_a_changed_roll(company: Company, three: list[Person]) -> None:
    entry = line_of(company, three[0]).id
    Roll.objects.update(salt=bytes(32))
    with pytest.raises(receipts.ReceiptInvalid):
        api.receipt(entry, subjects=[three[0].ref])


@pytest.mark.parametrize("count", [1, 2, 255, 256, 257, 700])
def test_everybody_can_be_proven_however_many_they_are(company: Company, count: int) -> None:
    names = [opaque_ref() for _ in range(count)]
    called, entry = api.Called.of(names), row_id()
    with transaction.atomic():
        called.keep(entry)
    root = bytes.fromhex(called.commitment)
    for name in [min(names), max(names), *names[:3]]:
        found = rolls.membership(entry, [opaque_ref(), name])
        assert found
        assert found.opening.value == name
        leaf = leaf_hash(found.opening.preimage())
        check_inclusion(leaf, found.index, count, list(found.inclusion), root)
    assert [rolls.entries_about([name]) for name in names[:2]] == [[entry]] * min(count, 2)
    assert rolls.entries_about([opaque_ref()]) == []
    assert not Entry.objects.filter(pk=entry).exists()
