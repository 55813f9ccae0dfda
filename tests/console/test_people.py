"""People: found by an exact identifier, shown for a purpose, joined and taken apart, exported."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from console.cast import Company, words
from console.conftest import hold, writes
from support.seeded import Seed
from troth.channels.accounts.api import User, create_user
from troth.core import clock
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.gate.permits import settle
from troth.core.ledger.models import Entry, Pending
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.hub.console.queries.groups import merged
from troth.kit.cells import safe


def recorded(act: str) -> int:
    return Entry.objects.filter(act=act).count() + sum(
        f'"act":"{act}"'.encode() in bytes(body)
        for body in Pending.objects.values_list("body", flat=True)
    )


def test_the_list_names_nobody(comm100: Company) -> None:
    text = comm100.owner.get("/console/people").content.decode()
    for customer in comm100.customers:
        assert customer.person.ref in text
        assert not [value for value in customer.seed.values() if value in text]


@pytest.mark.parametrize("given", ["email", "name"])
def test_somebody_is_found_by_an_exact_identifier(comm100: Company, given: str) -> None:
    customer = comm100.customers[1]
    value = getattr(customer.seed, given)
    answer = comm100.agent.post("/console/people/find", q=f"  {value.upper()} ", purpose="support")
    assert answer.status_code == 302
    assert answer["Location"] == customer.url


def test_a_part_of_an_identifier_finds_nobody(comm100: Company) -> None:
    part = comm100.customers[0].seed.email[:-3]
    answer = comm100.agent.post("/console/people/find", q=part, purpose="support")
    assert "Nobody found" in words(answer)


def test_who_is_restricted_is_found_and_marked_and_nothing_opens(comm100: Company) -> None:
    one, other = Seed.new(), Seed.new()
    people = [writes(seed) for seed in (one, replace(other, name=one.name))]
    Person.objects.filter(pk=people[0].pk).update(restricted_at=clock.now())
    settle(people[0].pk, current().rules)
    found = comm100.agent.post("/console/people/find", q=one.name, purpose="support")
    assert words(found).count("restricted") == 1, "one of the two"
    page = comm100.agent.reads(f"/console/people/{people[0].ref}")
    assert "restricted: kept, not used" in page
    assert not [value for value in one.values() if value in page]
    assert other.email in comm100.agent.reads(f"/console/people/{people[1].ref}")


def test_a_search_needs_a_purpose(comm100: Company) -> None:
    answer = comm100.agent.post("/console/people/find", q=comm100.customers[0].seed.email)
    assert answer.status_code == 400
    assert "Pick a purpose first" in words(answer)


@pytest.mark.parametrize("odd", ["", "   ", "x" * 300, "a\x00b", "' OR 1=1 --", "<b>@</b>"])
def test_odd_searches_are_answered(comm100: Company, odd: str) -> None:
    answer = comm100.agent.post("/console/people/find", q=odd, purpose="support")
    assert answer.status_code in {200, 400}
    assert "<b>@</b>" not in answer.content.decode()


def test_values_are_sealed_until_a_purpose_is_picked(comm100: Company) -> None:
    customer = comm100.customers[0]
    before = recorded("gate.used")
    text = comm100.agent.get(customer.url).content.decode()
    assert not [value for value in customer.seed.values() if value in text]
    assert "sealed: Name" in text
    assert recorded("gate.used") == before
    comm100.agent.pick("support")
    shown = comm100.agent.reads(customer.url)
    assert customer.seed.name in shown
    assert customer.seed.email in shown
    assert "§ 3.3" in shown.replace("\u202f", " ")
    assert recorded("gate.used") == before + 1
    comm100.agent.pick("")
    assert customer.seed.name not in comm100.agent.reads(customer.url)


def test_no_cache_keeps_a_page_with_values(comm100: Company) -> None:
    comm100.agent.pick("support")
    answer = comm100.agent.get(comm100.customers[0].url)
    assert answer["Cache-Control"] == "no-store"


def test_a_purpose_that_may_not_is_refused_with_its_clause(comm100: Company) -> None:
    customer = comm100.customers[0]
    comm100.marketing.pick("newsletter")
    assert comm100.marketing.get(customer.url).status_code == 403  # no ability to look people up
    comm100.owner.pick("newsletter")
    before = recorded("gate.denied")
    text = comm100.owner.reads(customer.url)
    assert "opens nothing of this person" in text
    assert "§ 3.6" in text.replace("\u202f", " ")
    assert customer.seed.name not in text
    assert recorded("gate.denied") == before + 1


def test_a_purpose_of_another_role_cannot_be_picked(comm100: Company) -> None:
    answer = comm100.agent.post("/console/purpose", purpose="newsletter")
    assert answer.status_code == 403
    assert "Your role does not include it" in words(answer)
    assert comm100.agent.post("/console/purpose", purpose="no-such").status_code == 403


def test_a_forged_referer_leads_nowhere_else(comm100: Company) -> None:
    answer = comm100.agent.browser.post(
        "/console/purpose", {"purpose": ""}, headers={"referer": "https://evil.example/x"}
    )
    assert answer["Location"] == "/console/"


def test_every_purpose_says_why(comm100: Company) -> None:
    text = comm100.agent.reads(f"{comm100.customers[0].url}/why", data="user.contact.email")
    assert "permitted" in text
    assert "refused" in text
    assert "It was collected for other purposes" in text
    absent = comm100.agent.get(f"{comm100.customers[0].url}/why", data="user.financial")
    assert absent.status_code == 404


def test_what_happened_is_told_in_sentences(comm100: Company) -> None:
    customer = comm100.customers[0]
    comm100.agent.pick("support")
    comm100.agent.get(customer.url)
    text = comm100.owner.reads(customer.url)
    assert f"Agent {comm100.agent.ref[:6]} read" in text
    assert "of the person for “Helping you”" in text
    assert "This is the beginning" in comm100.owner.reads(f"{customer.url}/history")


def test_two_records_are_joined_and_taken_apart(comm100: Company) -> None:
    one, other = comm100.customers[:2]
    owner = comm100.owner
    found = owner.post(f"{one.url}/merge", q=other.seed.email, purpose="support")
    assert found["Location"] == f"{one.url}/merge/{other.person.ref}"
    look = owner.reads(found["Location"])
    assert "What will happen" in look
    assert (
        Person.objects.get(pk=other.person.pk).root_id == other.person.pk
    )  # a look changes nothing
    assert owner.post(found["Location"]).status_code == 302
    assert owner.get(other.url)["Location"] == one.url
    both = owner.reads(one.url)
    assert one.seed.email in both
    assert other.seed.email in both
    assert "Take the records apart?" in owner.reads(f"{other.url}/unmerge")
    assert owner.post(f"{other.url}/unmerge").status_code == 302
    assert other.seed.email not in owner.reads(one.url)
    assert recorded("people.merged") == recorded("people.unmerged") == 1


def test_a_record_of_the_staff_is_joined_with_none(comm100: Company) -> None:
    """Or an owner would read anybody, unrecorded, as their own data."""
    one, owner = comm100.customers[0], comm100.owner
    mine = User.objects.get(memberships__ref=owner.ref).person
    for into, other in ((mine, one.person), (one.person, mine)):
        url = f"/console/people/{into.ref}/merge/{other.ref}"
        for answer in (owner.get(url), owner.post(url, confirmed="on")):
            assert answer.status_code == 403
            assert "belongs to a member of the staff" in words(answer)
    assert owner.get(f"/console/people/{mine.ref}/merge").status_code == 403
    assert "/merge" not in owner.get(f"/console/people/{mine.ref}").content.decode()
    assert not Person.objects.filter(merged_into__isnull=False).exists()


def test_a_record_with_an_account_is_joined_only_by_who_made_sure(comm100: Company) -> None:
    one, other = comm100.customers[:2]
    create_user(other.person)
    url = f"{one.url}/merge/{other.person.ref}"
    assert "One of them has an account" in comm100.owner.reads(url)
    missed = comm100.owner.post(url)
    assert missed.status_code == 400
    assert "Say that you have made sure" in words(missed)
    assert not Person.objects.filter(merged_into__isnull=False).exists()
    assert comm100.owner.post(url, confirmed="on").status_code == 302
    assert Person.objects.get(pk=other.person.pk).root_id == one.person.pk


def test_a_record_cannot_be_joined_with_itself(comm100: Company) -> None:
    one = comm100.customers[0]
    answer = comm100.owner.post(f"{one.url}/merge", q=one.seed.email, purpose="support")
    assert "Only this record has that value" in words(answer)


def test_an_export_holds_what_the_purpose_permits(comm100: Company) -> None:
    dangerous = Seed.new()
    object.__setattr__(dangerous, "name", "=HYPERLINK(1)")
    writes(dangerous)
    refuser = comm100.customers[0]
    comm100.owner.pick("support")
    assert "Name" in comm100.owner.reads("/console/people/export")
    before = recorded("gate.used_many")
    answer = comm100.owner.post("/console/people/export")
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert refuser.seed.email in str(rows)
    assert "'=HYPERLINK(1)" in str(rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert recorded("gate.used_many") - before == len(rows[0]) - 3  # one for each column opened


def test_an_export_leaves_out_who_refused(comm100: Company) -> None:
    seeds = [Seed.new(), Seed.new()]
    stays, goes = (writes(seed, "forms.download") for seed in seeds)
    actor = Actor("person", goes.ref, person_id=goes.pk)
    choose(goes, actor=actor, purpose="newsletter", yes=False, way="preferences")
    comm100.owner.browser.get("/console/")
    comm100.owner.pick("newsletter")
    text = comm100.owner.post("/console/people/export").content.decode()
    assert seeds[0].email in text
    assert seeds[1].email not in text
    assert stays.ref in text


def test_an_export_leaves_out_what_was_given_for_something_else(comm100: Company) -> None:
    """The same human wrote for help and, at another place, for something that is none."""
    seed = Seed.new()
    person = writes(seed)
    elsewhere = replace(seed, email=Seed.new().email)
    hold(person, elsewhere, "forms.no-solicitation")
    comm100.owner.pick("support")
    answer = comm100.owner.post("/console/people/export")
    assert answer.status_code == 200, words(answer)
    text = answer.content.decode()
    assert seed.email in text
    assert elsewhere.email not in text


def test_an_export_is_an_ability_of_its_own(comm100: Company) -> None:
    comm100.agent.pick("support")
    assert comm100.agent.get("/console/people").status_code == 200
    assert "/people/export" not in comm100.agent.get("/console/people").content.decode()
    assert comm100.agent.get("/console/people/export").status_code == 403
    assert comm100.agent.post("/console/people/export").status_code == 403
    assert "/people/export" in comm100.owner.get("/console/people").content.decode()


def test_an_export_needs_a_purpose(comm100: Company) -> None:
    answer = comm100.owner.post("/console/people/export")
    assert answer.status_code == 302
    assert "Pick a purpose first" in comm100.owner.reads("/console/people/export")


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "\uff1d1"]
)
def test_no_cell_begins_a_formula(cell: str) -> None:
    assert safe(cell).startswith("'")


def test_an_export_has_no_column_of_what_people_wrote(comm100: Company) -> None:
    comm100.owner.pick("support")
    assert "Never in an export" in comm100.owner.reads("/console/people/export")
    before = recorded("gate.denied")
    refused = comm100.owner.post("/console/people/export", chosen="1", column="user.content")
    assert refused.status_code == 403
    assert recorded("gate.denied") == before + 1
    nonsense = comm100.owner.post("/console/people/export", chosen="1", column="Zebedee")
    assert nonsense.status_code == 400
    assert comm100.owner.post("/console/people/export", chosen="1").status_code == 302
    chosen = comm100.owner.post("/console/people/export", chosen="1", column="user.contact.email")
    assert comm100.customers[0].seed.email in chosen.content.decode()
    assert comm100.customers[0].seed.name not in chosen.content.decode()


def test_figures_are_for_a_purpose_of_analysis(comm100: Company) -> None:
    assert "Pick a purpose of analysis" in comm100.owner.reads("/console/people/analysis")
    assert comm100.owner.post("/console/people/analysis").status_code == 302
    comm100.owner.pick("statistics")
    assert "Groups of people for" in comm100.owner.reads("/console/people/analysis")
    assert comm100.owner.post("/console/people/analysis").status_code == 400
    assert comm100.agent.get("/console/people/analysis").status_code == 403


def test_no_group_of_figures_is_small() -> None:
    rows = [(one, ("a", "x")) for one in range(5)] + [(one, ("a", "y")) for one in range(5, 8)]
    rows += [(8, ("b", "y")), (9, ("c", "y")), (10, ("d", "z"))]
    assert merged(rows, 5) == {("a", "x"): 5, ("other", "other"): 6}
    assert merged(rows[:4], 5) == {}
    assert merged([(1, ("a",))] * 9, 5) == {}, "one person, however often, is no group"
    assert merged([], 5) == {}
