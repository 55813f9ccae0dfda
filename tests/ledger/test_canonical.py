"""Canonical JSON, commitments, and what an entry may hold."""

from __future__ import annotations

import datetime as dt
import json
from uuid import uuid4

import pytest
import rfc8785
from hypothesis import given, strategies as st

from troth.core.ids import opaque_ref, row_id
from troth.core.ledger import api, bodies
from troth.core.ledger.canonical import CanonicalInvalid, Opening, canonical, canonical_plain

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126))
PLAIN = st.dictionaries(
    ASCII, st.none() | ASCII | st.integers(-(2**53) + 1, 2**53 - 1) | st.lists(ASCII)
)


@given(PLAIN)
def test_the_quick_encoder_gives_the_bytes_of_the_standard(value: dict[str, object]) -> None:
    assert canonical_plain(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(VALUES, VALUES)
def test_a_commitment_opens_to_its_value_and_no_other(value: object, other: object) -> None:
    opening = Opening.of(value)
    assert opening.commitment() == Opening(opening.salt, value).commitment()
    if canonical(other) != canonical(value):
        assert Opening(opening.salt, other).commitment() != opening.commitment()
    assert Opening.of(value).commitment() != opening.commitment()


@pytest.mark.parametrize("value", [float("nan"), 2**60, {"a": object()}, "\ud800", {1: "a"}])
def test_what_json_cannot_hold_is_refused_without_repeating_it(value: object) -> None:
    with pytest.raises(CanonicalInvalid) as refused:
        canonical(value)
    assert str(value) not in str(refused.value)


def test_an_opening_does_not_show_itself() -> None:
    assert "secret" not in repr(Opening.of("secret"))


def draft(**changes: object) -> api.Draft:
    base = {"act": "test.sent", "actor": api.Actor("person", opaque_ref())}
    return api.Draft(**{**base, **changes})  # type: ignore[arg-type]


def body(found: api.Draft) -> bytes:
    return found.body(entry=row_id(), at=bodies.timestamp(), organisation=opaque_ref())


PERSONAL = [
    "Ada Lovelace",
    "ada@lovelace.example",
    "+1 604 555 0100",
    "1 Main St\nTown",
    "",
    "x" * 99,
]


@pytest.mark.parametrize("value", [*PERSONAL, None, 7, 1.5, ["a"], {"a": 1}])
@pytest.mark.parametrize(
    "place",
    ["subject", "purpose", "clause", "version", "data", "to", "commitment", "form", "actor"],
)
def test_no_field_takes_a_personal_value(place: str, value: object) -> None:
    if value in ("", None) and place not in ("data", "form", "actor"):
        return  # the field left empty
    changes: dict[str, object] = {
        "data": {"data": [value]},
        "form": {"detail": {"form": value}},
        "actor": {"actor": api.Actor("person", value)},  # type: ignore[arg-type]
    }.get(place, {place: value})
    with pytest.raises((api.ValueInvalid, api.BodyInvalid)) as refused:
        body(draft(**changes))
    if isinstance(value, str) and value:
        assert value not in str(refused.value)


def test_an_unregistered_act_detail_or_actor_is_refused() -> None:
    with pytest.raises(api.ActMissing):
        body(draft(act="test.unknown"))
    with pytest.raises(api.BodyInvalid):
        body(draft(detail={"unknown": "contact"}))
    with pytest.raises(api.BodyInvalid):
        body(draft(actor=api.Actor("robot", opaque_ref())))  # type: ignore[arg-type]
    with pytest.raises(api.BodyInvalid):
        body(draft(count=-1))


def test_registrations_that_contradict_are_refused() -> None:
    api.register("test.one", sentence="{actor} did {what}", detail={"what": api.kinds.key})
    api.register("test.one", sentence="{actor} did {what}", detail={"what": api.kinds.key})
    for sentence, detail in (
        ("{actor} undid {what}", {"what": api.kinds.key}),
        ("{actor} did it", {}),
        ("{name} did it", {}),
        ("{actor} did it", {"subject": api.kinds.key}),
    ):
        with pytest.raises(api.ActInvalid):
            api.register("test.one", sentence=sentence, detail=detail)


@given(
    subject=st.none() | st.uuids(),
    clause=st.sampled_from(["", "2.4", "6.remote", "A.1(b)"]),
    data=st.lists(st.sampled_from(["user", "user.name", "user.contact.email"])),
    count=st.none() | st.integers(0, 2**53 - 1),
    number=st.none() | st.integers(-(2**53) + 1, 2**53 - 1),
)
def test_a_body_is_canonical_and_its_columns_are_read_back(
    subject: object, clause: str, data: list[str], count: int | None, number: int | None
) -> None:
    organisation, entry, at = opaque_ref(), uuid4(), bodies.timestamp()
    detail: dict[str, object] = {"form": "contact"} if number is None else {"number": number}
    found = draft(subject=subject, clause=clause, data=data, count=count, detail=detail)
    written = found.body(entry=entry, at=at, organisation=organisation)
    parsed = json.loads(written)
    assert written == rfc8785.dumps(parsed)
    columns = bodies.ColumnReader(organisation).read([written, written])
    assert columns == [("test.sent", at, entry.hex, parsed["subject"] or "")] * 2
    assert bodies.ColumnReader(opaque_ref()).read([written]) == []


def test_kinds_write_what_they_take() -> None:
    person = uuid4()
    assert api.kinds.reference(person) == person.hex
    assert api.kinds.date(dt.date(2026, 2, 3)) == "2026-02-03"
    assert api.kinds.one_of("stored", "refused")("stored") == "stored"
    for kind, value in (
        (api.kinds.one_of("stored"), "lost"),
        (api.kinds.date, dt.datetime(2026, 2, 3, tzinfo=dt.UTC)),
        (api.kinds.integer, True),
        (api.kinds.integer, 2**53),
        (api.kinds.category, "ada_lovelace"),
    ):
        with pytest.raises(api.ValueInvalid):
            kind(value)


def test_a_timestamp_is_utc_with_milliseconds() -> None:
    zone = dt.timezone(dt.timedelta(hours=-8))
    moment = dt.datetime(2026, 1, 2, 20, 4, 5, 6999, tzinfo=zone)
    assert bodies.timestamp(moment) == "2026-01-03T04:04:05.006Z"
