"""Receipts: what a person can prove, alone and offline."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from ledger.places import SENT, Ledger
from troth.core.ids import opaque_ref
from troth.core.ledger import api, notes, receipts
from troth.core.organisations.scope import scope

VALUE = {"user.name": "Zoë Quill", "user.contact.email": "zoe@quill.example"}


def send(ledger: Ledger, opening: api.Opening) -> Any:
    with scope(ledger.organisation), transaction.atomic():
        return api.record(
            act=SENT,
            organisation=ledger.organisation,
            actor=api.Actor("person", opaque_ref()),
            commitment=opening.commitment(),
            detail={"form": "contact"},
        )


def test_a_receipt_holds_with_the_key_string_and_nothing_else(ledger: Ledger) -> None:
    ledger.grow(300)
    opening = api.Opening.of(VALUE)
    entry = send(ledger, opening)
    ledger.record(40)
    vkey = str(api.verifier(ledger.id))
    written = json.dumps(api.receipt(entry, opening))  # the act still waited: it gets its place
    checked = receipts.check(json.loads(written), notes.Verifier.parse(vkey))
    assert checked.opened
    assert checked.position == 300
    assert checked.head.size == 341
    assert checked.entry["id"] == entry.hex
    assert "zoe@quill" not in json.dumps(api.receipt(entry))


def test_old_receipts_hold_when_the_ledger_has_grown(ledger: Ledger) -> None:
    first = ledger.grow(3)[0]
    early = api.receipt(first)
    ledger.grow(600)
    late = api.receipt(first)
    assert early["checkpoint"] != late["checkpoint"]
    for found in (early, late):
        assert not receipts.check(found, api.verifier(ledger.id)).opened


def test_an_unknown_entry_has_no_receipt(ledger: Ledger) -> None:
    with pytest.raises(api.EntryMissing):
        api.receipt(uuid4())


def test_no_receipt_is_given_that_would_not_hold(ledger: Ledger) -> None:
    entry = ledger.grow(5)[2]
    ledger.attack("UPDATE ledger_entry SET leaf = :leaf WHERE position = 3", leaf=bytes(32))
    with pytest.raises(receipts.ReceiptInvalid):
        api.receipt(entry)


def test_a_receipt_does_not_hold_with_the_key_of_another(
    new_ledger: Callable[[], Ledger],
) -> None:
    one, two = new_ledger(), new_ledger()
    found = api.receipt(one.grow(2)[0])
    two.grow(2)
    with pytest.raises(receipts.ReceiptInvalid, match="not signed by this key"):
        receipts.check(found, api.verifier(two.id))


def test_the_opening_has_to_fit(ledger: Ledger) -> None:
    opening = api.Opening.of(VALUE)
    found = api.receipt(send(ledger, opening), opening)
    for wrong in (
        {"salt": opening.salt.hex(), "value": {**VALUE, "user.name": "Zoe Quill"}},
        {"salt": "00" * 32, "value": VALUE},
        {"salt": "00" * 16, "value": VALUE},
        {"salt": "xx", "value": VALUE},
        {"salt": opening.salt.hex()},
        {"value": VALUE},
        [],
        "opening",
    ):
        with pytest.raises(receipts.ReceiptInvalid):
            receipts.check({**found, "opening": wrong}, api.verifier(ledger.id))
    bare = api.receipt(ledger.grow(1)[0])
    with pytest.raises(receipts.ReceiptInvalid, match="nothing it could open"):
        receipts.check({**bare, "opening": found["opening"]}, api.verifier(ledger.id))


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to everything in a JSON value that can be changed."""
    if isinstance(value, dict):
        return [path, *(leaf for key, one in value.items() for leaf in leaves(one, (*path, key)))]
    if isinstance(value, list):
        return [path, *(leaf for at, one in enumerate(value) for leaf in leaves(one, (*path, at)))]
    return [path]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_receipt_with_anything_changed_is_refused(
    signed: tuple[dict[str, Any], notes.Verifier], data: st.DataObject
) -> None:
    found, verifier = copy.deepcopy(signed[0]), signed[1]
    path = data.draw(st.sampled_from(leaves(found)[1:]))
    whole = found
    for step in path[:-1]:
        whole = whole[step]
    old = whole[path[-1]]
    if data.draw(st.booleans()):
        new = data.draw(st.none() | st.integers() | st.text() | st.lists(st.text()) | st.just({}))
        whole[path[-1]] = new
    else:
        new = ...
        del whole[path[-1]]
    gone = path == ("opening",) and new in (None, ...)  # then it only proves less
    if gone or new == old:
        receipts.check(found, verifier)
        return
    with pytest.raises(receipts.ReceiptInvalid):
        receipts.check(found, verifier)


@pytest.fixture
def signed(ledger: Ledger) -> tuple[dict[str, Any], notes.Verifier]:
    ledger.grow(9)
    opening = api.Opening.of(VALUE)
    return api.receipt(send(ledger, opening), opening), api.verifier(ledger.id)


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=4))
def test_anything_else_is_refused_and_never_breaks(found: object) -> None:
    verifier = notes.Verifier("troth/x", bytes(32))
    with pytest.raises(receipts.ReceiptInvalid):
        receipts.check(found, verifier)
    with pytest.raises(receipts.ReceiptInvalid):
        receipts.check({"format": receipts.FORMAT, "entry": found}, verifier)
