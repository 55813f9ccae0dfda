"""What data was not given for waits for a new version, for being told, and for the person's yes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from proofs.company import Company, publish
from proofs.deciding import answers, codes, passed, problems, shipped
from support.installations import Installation
from support.reader import Chooser, Reader
from support.seeded import Seed

Make = Callable[..., AbstractContextManager[Company]]
EMAIL = "user.contact.email"
CONTACT = 'for = ["fulfilment", "support", "service-notices", "legal"]\ntext = "For help,'
PURPOSE = """
[purposes.{key}]
clause = "99.{number}"
use = "{use}"
label = "{key} for you"
basis = "{basis}"
channels = ["email"]
text = "For {key}."
"""


def next_version(*purposes: str, more: str = "") -> Callable[[str], str]:
    """The version after: these purposes at the contact form too, and more text."""

    def change(text: str) -> str:
        assert text.count(CONTACT) == 1
        wider = CONTACT.replace("]", "".join(f', "{one}"' for one in purposes) + "]")
        text = text.replace('version = "2015-01-01"', 'version = "2015-02-02"')
        return text.replace(CONTACT, wider) + more

    return change


def writes(company: Company) -> Chooser:
    """Somebody sends the contact form; they hold the link that came with the answer."""
    reader, seed = company.reader(), Seed.new()
    page = company.send(reader, "contact", name=seed.name, email=seed.email, message=seed.message)
    assert page.status == 200, page.words
    path = company.link(seed.email, "/preferences/")
    return Chooser(company.site, Reader(company.site.url, headers=reader.headers), seed, path)


def one(
    company: Company, person: Chooser, purpose: str, *, to: str = "", days_ahead: float = 0
) -> tuple[bool, str]:
    """What the gate says about a person's address: whether, and else why not."""
    said = answers(
        *(company.site,), purposes=[purpose], data=[EMAIL], to=[to] if to else [],
        person=person.ref, days_ahead=days_ahead,
    )  # fmt: skip
    found = said[purpose, EMAIL, to]
    return found["allowed"], "" if found["allowed"] else found["reason"]


@pytest.mark.clause("comintech-07", "comintech-34", "comintech-37")
def test_without_a_recorded_yes_the_same_call_is_denied(make_company: Make) -> None:
    odd = PURPOSE.format(
        key="odd", number=1, use="marketing.advertising.third_party.targeted", basis="opt-in"
    )

    def change(text: str) -> str:
        # Of the wait before a partner gets anything other proofs tell; here it is the yes.
        assert text.count('choice = "opt-in"\nwindow = "14 days"') == 1
        text = text.replace('choice = "opt-in"\nwindow = "14 days"', 'choice = "opt-in"')
        return next_version("partner-mail", "odd", more=odd)(text)

    with make_company(policy=change) as company:
        person, other = writes(company), writes(company)
        partner = {"to": "marketing-partner"}
        assert one(company, person, "support") == (True, "")
        for call in ({}, partner):
            assert one(company, person, "partner-mail", **call) == (False, "no-opt-in")
        assert one(company, person, "odd") == (False, "no-opt-in")
        person.choose(person.open(), on=("partner-mail", "odd"))
        for call in ({}, partner):
            assert one(company, person, "partner-mail", **call) == (True, "")
        assert one(company, person, "odd") == (True, "")
        assert one(company, person, "odd", **partner) == (False, "forbidden"), "nor sold with a yes"
        assert one(company, other, "partner-mail", **partner) == (False, "no-opt-in")
        yes = company.rows(
            "SELECT c.purpose FROM choices_choice c JOIN people_person p ON p.id = c.person_id"
            " WHERE p.ref = ? AND c.decision = 'given' ORDER BY 1",
            person.ref,
        )
        assert ("odd",) in yes
        assert ("partner-mail",) in yes
        person.choose(person.open(), off=("partner-mail", "odd"))
        assert one(company, person, "partner-mail", **partner)[0] is False
        assert one(company, person, "odd")[0] is False
        # Nor does being told of something else stand for a yes.
        tips = PURPOSE.format(
            key="tips", number=2, use="functional.service.improve", basis="opt-out"
        )
        publish(company.site, lambda text: change(text).replace("2015-02-02", "2015-03-03") + tips)
        company.mails(other.seed.email, "tips for you")
        settled = [one(company, other, key) for key in ("support", "partner-mail", "odd")]
        assert settled == [(True, ""), (False, "no-opt-in"), (False, "no-opt-in")]


@pytest.mark.clause("comintech-07")
def test_a_file_that_asks_no_yes_for_it_is_refused(company_key: str) -> None:
    text = shipped(company_key)
    odd = {"key": "odd", "number": 1, "use": "marketing.advertising.third_party.targeted"}
    asked = next_version("odd", more=PURPOSE.format(**odd, basis="opt-in"))
    unasked = next_version("odd", more=PURPOSE.format(**odd, basis="opt-out"))
    assert not [found for found in problems(asked(text)) if found["severity"] == "error"]
    assert "T311" in codes(unasked(text))


@pytest.mark.clause("comintech-48")
def test_before_data_serves_another_purpose_people_hear_of_it_and_can_refuse(
    make_company: Make,
) -> None:
    tips = PURPOSE.format(key="tips", number=1, use="functional.service.improve", basis="opt-out")
    with make_company() as company:
        stays, refuses = writes(company), writes(company)
        publish(company.site, next_version("tips", more=tips))
        for person in (stays, refuses):
            company.mails(person.seed.email, "tips for you")
        assert one(company, stays, "tips") == (False, "notice-window")
        assert one(company, stays, "tips", days_ahead=29) == (False, "notice-window")
        refuses.choose(refuses.open(), off=("tips",))
        assert one(company, stays, "tips", days_ahead=31) == (True, "")
        assert one(company, refuses, "tips", days_ahead=31) == (False, "refused")
        assert one(company, refuses, "support") == (True, "")
        later = writes(company)
        assert one(company, later, "tips") == (True, ""), "it stood at the form"


@pytest.mark.clause("comantra-13")
def test_a_purpose_nobody_declared_is_denied_until_a_version_does(
    make_installation: Callable[..., Installation],
) -> None:
    site = make_installation(company="comantra")
    tips = PURPOSE.format(key="tips", number=1, use="functional.service.improve", basis="opt-out")
    contact = 'for = ["fulfilment", "support", "service-notices", "legal"]'

    def change(text: str) -> str:
        text = text.replace('version = "', 'version = "next-', 1)
        return text.replace(contact, contact.replace("]", ', "tips"]'), 1) + tips

    asked = {"purposes": ["tips", "support"], "data": [EMAIL]}
    before = answers(site, **asked)
    assert passed(before) == {("support", EMAIL, "")}
    assert before["tips", EMAIL, ""]["reason"] == "unknown-purpose"
    publish(site, change)
    assert len(passed(answers(site, **asked))) == 2


@pytest.mark.clause("comantra-13")
def test_a_purpose_that_could_be_anything_is_warned_of(company_key: str) -> None:
    wide = PURPOSE.format(key="anything", number=1, use="functional", basis="opt-out")
    text = shipped(company_key)
    assert "T401" not in codes(text)
    found = codes(text + wide.replace("anything for you", "Other business activities"))
    assert "T401" in found


@pytest.mark.clause("comindware-11")
def test_data_serves_the_companys_own_business_and_nothing_else(
    company_key: str, company: Company
) -> None:
    said = answers(
        *(company.site,), purposes=["support", "fulfilment", "model-training", "resale"],
        data=[EMAIL, "user.content.private"],
    )  # fmt: skip
    assert {purpose for purpose, _, _ in passed(said)} == {"support", "fulfilment"}
    assert said["resale", EMAIL, ""]["reason"] == "unknown-purpose"
    text = shipped(company_key)
    for use in ("third_party_sharing", "marketing.advertising.third_party", "train_ai_system"):
        declared = PURPOSE.format(key="resale", number=1, use=use, basis="opt-in")
        form = (
            '[[collect]]\nclause = "99.2"\nat = "forms.resale"\nrequired = ["email"]\n'
            'for = ["resale"]\ntext = "We collect it."\n'
        )
        found = [one for one in problems(text + declared + form) if one["code"] == "T301"]
        assert any("4.15" in one["message"] for one in found), use
