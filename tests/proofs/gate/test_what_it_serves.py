"""What data was given for is what it serves: at the form, in the record, and for the staff."""

from __future__ import annotations

import tomllib

import pytest

from proofs.company import Company
from proofs.customers import look_up, pick, ref_of
from proofs.deciding import answers, passed
from support.reader import Chooser, Reader
from support.seeded import Seed

EMAIL = "user.contact.email"


def label(company: Company, purpose: str) -> str:
    """What people read of a purpose."""
    policy = tomllib.loads(company.reader().get("/policy.toml").text)
    return str(policy["purposes"][purpose]["label"])


@pytest.mark.clause("comantra-07", "comm100-21")
def test_what_was_asked_for_is_answered_under_its_own_purpose(company: Company) -> None:
    seed, owner = Seed.new(), company.staff()
    company.send(
        company.reader(), "contact", name=seed.name, email=seed.email, message=seed.message
    )
    assert company.mails(seed.email)
    person = ref_of(look_up(owner, seed.email, purpose="support"))
    asked = {"purposes": ["fulfilment", "newsletter", "offers"], "data": [EMAIL]}
    said = answers(company.site, **asked, person=person)
    assert passed(said) == {("fulfilment", EMAIL, "")}
    assert said["newsletter", EMAIL, ""]["reason"] in {"not-collected-for", "no-opt-in"}
    told = owner.get(f"/console/people/{person}/history").words
    assert f"“{label(company, 'fulfilment')}”" in told
    assert f"“{label(company, 'newsletter')}”" not in told


@pytest.mark.clause("comantra-08")
def test_a_read_for_service_opens_and_for_offers_after_a_no_does_not(company: Company) -> None:
    seed, owner = Seed.new(), company.staff()
    reader = company.reader()
    company.send(
        *(reader, "drop-off"), name=seed.name, email=seed.email, item="A laptop",
        message=seed.message,
    )  # fmt: skip
    case = look_up(owner, seed.email, purpose="support")
    assert seed.name in case.words
    before = pick(owner, case, "offers")
    assert seed.name in before.words, "until they say no"
    path = company.link(seed.email, "/preferences/")
    person = Chooser(company.site, Reader(company.site.url, headers=reader.headers), seed, path)
    person.choose(person.open(), off=("offers",))
    after = pick(owner, case, "offers")
    assert after.status == 200
    assert seed.name not in after.text
    assert seed.email not in after.text
    assert "opens nothing of this person" in after.words
    assert seed.name in pick(owner, case, "support").words


@pytest.mark.clause("comindware-09")
def test_the_purposes_shown_at_a_form_are_those_stored_with_the_data(company: Company) -> None:
    policy = tomllib.loads(company.reader().get("/policy.toml").text)
    for form in ("demo", "contact"):
        seed, reader = Seed.new(), company.reader()
        page = reader.get(f"/forms/{form}")
        _, _, beside = page.text.partition("<dt>Used for</dt><dd>")
        shown = beside.partition("</dd>")[0]
        labels = {key: one["label"] for key, one in policy["purposes"].items()}
        announced = {key for key, words in labels.items() if f"{words} " in shown}
        given = {"company": seed.company} if form == "demo" else {"message": seed.message}
        company.send(reader, form, name=seed.name, email=seed.email, **given)
        person = ref_of(look_up(company.staff(), seed.email, purpose="support"
                                if form == "contact" else "fulfilment"))  # fmt: skip
        stored = company.rows(
            "SELECT DISTINCT g.purpose FROM gate_permit g"
            " JOIN people_person p ON p.id = g.person_id WHERE p.ref = ? AND g.category = ?",
            *(person, EMAIL),
        )
        assert {purpose for (purpose,) in stored} == announced
        assert "fulfilment" in announced
        assert ("newsletter" in announced) == (form == "demo")
