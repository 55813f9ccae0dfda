"""Statements worked out once: what goes in comes out, of one organisation alone."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import cycle

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.conftest import Company
from troth.core.asking import ask, look_up
from troth.core.changing import BATCH, change, remove
from troth.core.gate.models import Permit
from troth.core.ids import row_hex
from troth.core.inserting import insert_values
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import ScopeMissing, everywhere, scope
from troth.core.people.models import Person

NAMES = (
    *("id", "person_id", "purpose", "category", "state", "opens_at", "usable_from"),
    *("touchpoint", "clause", "version"),
)
AWKWARD = ['a"b', "a\\b", "{a,b}", "NULL", "", "é ’ \u200d", "a\nb", "'; --"]
NOW = datetime(2026, 1, 31, 12, 0, 0, 123456, tzinfo=UTC)


def permits(person: Person, purposes: list[str]) -> None:
    came = ("forms.contact", "1", "1")
    rows = [
        (row_hex(), person.pk, purpose, "user.name", "open", opens_at, None, *came)
        for purpose, opens_at in zip(purposes, cycle((None, NOW)), strict=False)
    ]
    insert_values(Permit, NAMES, rows)


def test_rows_written_by_their_values_are_read_as_they_were_given(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    permits(person, AWKWARD)
    found = Permit.objects.filter(person=person, purpose__in=AWKWARD).order_by("id")
    assert [one.purpose for one in found] == AWKWARD
    assert [one.opens_at for one in found] == [None, NOW] * 4
    assert {one.organisation_id for one in found} == {company.organisation.pk}


def test_the_same_is_written_where_somebody_watches_the_statements(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    with CaptureQueriesContext(connection) as seen:
        permits(person, AWKWARD)
    assert any("gate_permit" in query["sql"] for query in seen.captured_queries)
    assert Permit.objects.filter(person=person, purpose__in=AWKWARD).count() == len(AWKWARD)


def test_the_owner_of_a_row_is_the_scope_and_cannot_be_given(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    with pytest.raises(TypeError):
        insert_values(Permit, ("organisation_id", "id"), [(person.organisation_id, row_hex())])
    with everywhere("the test has no organisation"), pytest.raises(ScopeMissing):
        permits(person, ["a"])


def test_a_text_longer_than_its_column_is_never_cut(company: Company) -> None:
    person, long = company.visitor_writes("ada@marsh.example"), "b" * 61
    try:
        with transaction.atomic():
            permits(person, ["a", long])
    except DatabaseError:
        assert connection.vendor == "postgresql"
    else:  # SQLite knows no lengths; forms check them
        assert Permit.objects.filter(purpose=long).exists()


def test_asking_sees_the_rows_of_the_organisation_in_scope_alone(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    assert ask(Person, "id", ref=person.ref) == person.pk
    [found] = look_up(Person, 5, ref=(person.ref, "nobody"))
    assert (found, found.created_at) == (person, person.created_at)
    with scope(Organisation.objects.create(slug="other", name="Other")):
        assert ask(Person, "id", ref=person.ref) is None
        assert look_up(Person, 5, ref=person.ref) == []
    with everywhere("the test has no organisation"), pytest.raises(ScopeMissing):
        ask(Person, "id", ref=person.ref)


def test_rows_are_changed_and_removed_of_the_organisation_in_scope_alone(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    permits(person, [f"p{number}" for number in range(BATCH + 1)])
    mine = Permit.objects.filter(person=person, purpose__startswith="p", touchpoint="forms.contact")
    ids = list(mine.filter(purpose__regex=r"^p\d+$").values_list("pk", flat=True))
    assert len(ids) == BATCH + 1, "more than one statement takes"
    with scope(Organisation.objects.create(slug="other", name="Other")):
        change(Permit, ids, usable_from=NOW)
        remove(Permit, ids)
    assert not mine.filter(pk__in=ids, usable_from=NOW).exists()
    change(Permit, ids, usable_from=NOW, usable_until=None)
    assert mine.filter(pk__in=ids, usable_from=NOW, usable_until=None).count() == len(ids)
    remove(Permit, ids[1:])
    assert [one.pk for one in mine.filter(pk__in=ids)] == ids[:1]
    with pytest.raises(TypeError):
        change(Permit, ids, organisation_id=person.organisation_id)
