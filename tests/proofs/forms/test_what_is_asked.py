"""What the forms ask, what they insist on, and what they do not take."""

from __future__ import annotations

import json

import pytest

from proofs.company import Company, submit
from proofs.conftest import Make
from proofs.customers import look_up, pick, ref_of
from support.pages import form
from support.reader import Reader
from support.seeded import Seed

INTEREST, DOWNLOAD, PARTNER = "/forms/get-in-touch", "/forms/download", "/forms/partner"
REGISTER = "/account/register/"
NEEDED = ("name", "website", "email")
OPTIONAL = {"company-address": "1 Quay, Vancouver", "staff": "1–10", "industry": "Bakery"}
TECHNICAL = {"nonce", "homepage", "csrfmiddlewaretoken", "under_the_age", "age"}
REFUSED = 422


def filled(seed: Seed, path: str) -> dict[str, str]:
    """What has to be given on this page."""
    needed = {name: getattr(seed, name) for name in NEEDED}
    account = {"password": "seven otters under a bridge", "age": "yes"}
    return needed | (account if path == REGISTER else {})


def held(company: Company) -> list[tuple[int]]:
    """How many values and records of people there are."""
    return company.rows(
        "SELECT count(*) FROM people_element UNION ALL SELECT count(*) FROM people_person"
    )


def asked(reader: Reader, path: str) -> set[str]:
    """The names of all that a form's page lets one fill in."""
    return form(reader.get(path)).names() - TECHNICAL


@pytest.mark.parametrize("path", [INTEREST, DOWNLOAD, PARTNER, REGISTER])
@pytest.mark.clause("comm100-13")
def test_name_web_site_and_address_cannot_be_left_out(company: Company, path: str) -> None:
    reader, seed = company.reader(), Seed.new()
    page = reader.get(path)
    for missing in NEEDED:
        before = held(company)
        answer = submit(reader, page, "email", **filled(seed, path) | {missing: ""})
        assert answer.status == REFUSED
        assert f'id="id_{missing}-error"' in answer.text or f"{missing}_error" in answer.text
        assert held(company) == before
    assert submit(reader, page, "email", **filled(seed, path)).status == 200


@pytest.mark.parametrize("path", [INTEREST, DOWNLOAD, PARTNER, REGISTER])
@pytest.mark.clause("comm100-14")
def test_the_company_s_details_are_marked_optional_and_may_stay_open(
    company: Company, path: str
) -> None:
    reader = company.reader()
    page = reader.get(path)
    assert OPTIONAL.keys() <= form(page, "email").names()
    for name in OPTIONAL:
        label = page.text.partition(f'for="id_{name}"')[2].partition("</label>")[0]
        assert "optional" in label
    for name in NEEDED:
        label = page.text.partition(f'for="id_{name}"')[2].partition("</label>")[0]
        assert label
        assert "optional" not in label
    without = submit(reader, page, "email", **filled(Seed.new(), path))
    given = submit(reader, reader.get(path), "email", **filled(Seed.new(), path) | OPTIONAL)
    assert (without.status, given.status) == (200, 200)
    assert without.url != page.url
    assert given.url != page.url


@pytest.mark.clause("comintech-20")
def test_registration_and_support_ask_who_one_is_and_no_more(company: Company) -> None:
    who = {"name", "email", "address", "phone"}
    reader, seed = company.reader(), Seed.new()
    register, support = asked(reader, REGISTER), asked(reader, "/forms/contact")
    assert {one for one in register if not one.startswith(("yes-", "no-"))} == who | {"password"}
    assert support == who | {"message"}
    before = held(company)
    page = reader.get("/forms/contact")
    sent = filled(seed, "") | {"message": seed.message, "birthday": "1990-01-01"}
    sent.pop("website")
    answer = submit(reader, page, "nonce", **sent)
    assert answer.status == REFUSED
    assert "birthday" in answer.words
    assert held(company) == before
    sent.pop("birthday")
    assert submit(reader, page, "nonce", **sent, address="1 Quay", phone=seed.phone).status == 200
    assert held(company) != before


@pytest.mark.clause("comintech-20")
def test_the_form_is_built_from_the_policy(make_company: Make) -> None:
    def without_a_phone(source: str) -> str:
        before, mark, after = source.partition('at = "forms.contact"')
        changed = after.replace('optional = ["phone", "address"]', 'optional = ["address"]', 1)
        assert changed != after
        return (before + mark + changed).replace('version = "', 'version = "next-', 1)

    with make_company(policy=without_a_phone, parts=("web",)) as own:
        assert asked(own.reader(), "/forms/contact") == {"name", "email", "address", "message"}


@pytest.mark.clause("comintech-08")
def test_who_showed_no_interest_is_not_contacted_as_a_prospect(company: Company) -> None:
    asks, prospect = Seed.new(), Seed.new()
    reader = company.reader()
    company.send(
        *(reader, "contact"), name=asks.name, email=asks.email, message=asks.message,
        phone=asks.phone,
    )  # fmt: skip
    company.send(
        *(reader, "get-in-touch"), name=prospect.name, email=prospect.email,
        phone=prospect.phone, interest="Mailings", yes_interest="on",
    )  # fmt: skip
    owner = company.staff()
    pages = [look_up(owner, one.email, purpose="support") for one in (asks, prospect)]

    def contacts() -> list[bool]:
        """Whether name and number open to be contacted as somebody interested, of each."""
        shown = [pick(owner, page, "interest").words for page in pages]
        return [
            seed.name in words and digits(seed.phone) in digits(words)
            for seed, words in zip((asks, prospect), shown, strict=True)
        ]

    assert contacts() == [False, False], "before the yes was said from their address"
    link = company.link(prospect.email, "/forms/confirm/")
    submit(reader, reader.get(link), to="confirm")
    assert contacts() == [False, True]
    for page, said in zip(pages, ("denied", "permitted"), strict=True):
        data, who = "user.contact.phone_number", ref_of(page)
        assert company.why(purpose="interest", data=data, person=who).startswith(said)


def digits(text: str) -> str:
    """A telephone number without what stands between its digits."""
    return "".join(c for c in text if c.isdigit())


@pytest.mark.clause("comindware-02")
def test_who_asks_for_a_demo_becomes_a_lead(company: Company) -> None:
    reader, seed = company.reader(), Seed.new()
    sent = company.send(
        *(reader, "demo"), name=seed.name, email=seed.email, company=seed.company,
        job_title="Head of bread", wish=seed.message,
    )  # fmt: skip
    assert "Thank you" in sent.words
    assert company.mails(seed.email)
    owner = company.staff()
    inbox = owner.get("/console/inbox/")
    assert "Ask for a demo" in inbox.words
    newest = inbox.text.partition('class="item-head"><a href="')[2].partition('"')[0]
    lead = newest.replace("&amp;", "&").partition("?")[0]
    assert seed.company not in owner.get(lead).words
    submit(owner, owner.get(lead), to="/purpose", purpose="fulfilment")
    shown = owner.get(lead).words
    for value in (seed.name, seed.email, seed.company, "Head of bread", seed.message):
        assert value in shown
    # As the person's, not just as a text in an inbox: the receipt says the same.
    receipt = reader.get(sent.url.partition("?")[0] + "/receipt.json")
    assert json.loads(receipt.text)
