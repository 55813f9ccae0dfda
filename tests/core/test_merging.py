"""Two records of one human."""

from __future__ import annotations

from core.conftest import WORKER, Company
from troth.core.choices.deciding import choose
from troth.core.gate import uses
from troth.core.gate.audiences import audience
from troth.core.gate.merging import merge, unmerge
from troth.core.gate.models import Permit
from troth.core.people.models import Element, Person

EMAIL = "user.contact.email"


def usable() -> set[tuple[object, str, str]]:
    rows = Permit.objects.filter(usable_from__isnull=False)
    return set(rows.values_list("person_id", "purpose", "category"))


def test_a_human_is_counted_once_and_a_refusal_on_either_record_holds(company: Company) -> None:
    home = company.visitor_writes("ada@home.example")
    work = company.visitor_writes("ada@work.example")
    choose(work, actor=WORKER, purpose="offers", yes=False, way="preferences")
    merge(work, into=home, actor=WORKER)
    assert audience(purpose="repair", data=[EMAIL]).count() == 1
    assert audience(purpose="offers", data=[EMAIL]).count() == 0
    with uses.use(actor=WORKER, purpose="support", person=home, data=[EMAIL]):
        values = {element.value for element in Element.objects.filter(category=EMAIL)}
    assert values == {"ada@home.example", "ada@work.example"}


def test_undoing_gives_back_exactly_what_was_there(company: Company) -> None:
    home = company.visitor_writes("ada@home.example")
    work = company.visitor_writes("ada@work.example")
    third = company.visitor_writes("ada@boat.example")
    choose(work, actor=WORKER, purpose="offers", yes=False, way="preferences")
    before = usable()
    merge(third, into=work, actor=WORKER)
    merge(Person.objects.get(pk=work.pk), into=home, actor=WORKER)
    assert usable() != before
    unmerge(Person.objects.get(pk=work.pk), actor=WORKER)
    assert Person.objects.get(pk=third.pk).root_id == work.pk
    unmerge(Person.objects.get(pk=third.pk), actor=WORKER)
    assert usable() == before
    assert set(Person.objects.values_list("merged_into", flat=True)) == {None}


def test_a_choice_made_while_joined_stays_when_taken_apart(company: Company) -> None:
    home = company.visitor_writes("ada@home.example")
    work = company.visitor_writes("ada@work.example")
    merge(work, into=home, actor=WORKER)
    choose(
        Person.objects.get(pk=work.pk), actor=WORKER, purpose="offers", yes=False, way="preferences"
    )
    unmerge(Person.objects.get(pk=work.pk), actor=WORKER)
    assert audience(purpose="offers", data=[EMAIL]).count() == 0
