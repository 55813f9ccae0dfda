"""Each recipient gets what its clause names, for what it names, and while it is bound to it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from proofs.company import Company
from proofs.deciding import answers, codes, passed, problems, shipped
from proofs.recipients.handing import bind
from support.bonds import bonds
from support.installations import Installation
from support.seeded import Seed

MakeInstallation = Callable[..., Installation]
DATA = (
    *("user.name", "user.job_title", "user.contact.email", "user.contact.phone_number"),
    *("user.contact.address", "user.contact.organization", "user.content.private"),
    *("user.payment", "user.device.ip_address", "user.privacy_preferences"),
)


@pytest.mark.clause("comindware-16")
def test_each_party_gets_the_least_it_needs(make_installation: MakeInstallation) -> None:
    contact = ("user.name", "user.contact.email", "user.contact.phone_number")
    least = {
        "payments": ("payment", ("user.name", "user.contact.address", "user.payment")),
        "chat-tool": ("support", ("user.name", "user.contact.email", "user.content.private")),
        "customer-records": (
            "fulfilment",
            (*contact, "user.contact.organization", "user.job_title"),
        ),
        "mailing-house": ("newsletter", ("user.name", "user.contact.email")),
        "address-check": ("newsletter", ("user.contact.email",)),
    }
    site = make_installation(company="comindware")
    file = site.home / "bonds.toml"
    file.write_text(bonds([*least, "business-partner"]), "utf-8")
    site.run("recipients", "enter", file)
    said = answers(
        site,
        purposes=["payment", "support", "fulfilment", "newsletter", "partner-offers", "account"],
        data=DATA,
        to=[*least, "business-partner"],
    )
    assert passed(said) == {
        (purpose, category, to) for to, (purpose, named) in least.items() for category in named
    }
    held = {data for _, data, to in said if said[_, data, to]["reason"] == "not-told"}
    assert held == {*contact, "user.contact.address", "user.contact.organization"}, (
        "of a partner people are told before"
    )


@pytest.mark.clause("comantra-16")
def test_a_provider_gets_nothing_for_what_it_was_not_hired_for(company: Company) -> None:
    seed = Seed.new()
    reader = company.reader()
    sent = company.send(
        *(reader, "drop-off"), name=seed.name, email=seed.email, item="A laptop",
        message=seed.message, phone=seed.phone,
    )  # fmt: skip
    assert sent.status == 200, sent.words
    ref = company.link(seed.email, "/preferences/").rpartition("/")[2].partition("~")[0]
    hired = {
        "mailing-house": {"service-notices", "offers", "newsletter"},
        "workshop": {"fulfilment"},
        "letter-shop": {"offers"},
        "research-house": {"surveys"},
        "data-store": {"fulfilment"},
    }
    purposes = ["fulfilment", "support", "service-notices", "newsletter", "offers", "surveys"]
    said = answers(
        *(company.site,), purposes=purposes, data=["user.name", "user.contact.email"], to=hired,
        person=ref,
    )  # fmt: skip
    for (purpose, data, to), one in said.items():
        if purpose not in hired[to]:
            assert not one["allowed"], (purpose, data, to)
            assert one["reason"] == "no-clause"
    assert {to for purpose, _, to in passed(said)} >= {"mailing-house", "workshop", "data-store"}
    assert ("service-notices", "user.contact.email", "mailing-house") in passed(said)
    assert ("fulfilment", "user.name", "workshop") in passed(said)


@pytest.mark.clause("comantra-17")
def test_who_is_not_bound_any_more_gets_nothing(make_installation: MakeInstallation) -> None:
    site = make_installation(company="comantra")
    both = ["workshop", "data-store"]
    asked: dict[str, Any] = {"purposes": ["fulfilment"], "data": ["user.name"], "to": both}
    assert len(passed(answers(site, **asked))) == 2
    recipients = tomllib.loads(shipped("comantra"))["recipients"]
    expires = max(recipients[to]["expires"] for to in both)
    late = answers(site, **asked, days_ahead=(expires - date.today()).days + 1)  # noqa: DTZ011
    assert not passed(late)
    assert {one["reason"] for one in late.values()} == {"safeguard-expired"}


@pytest.mark.clause("comantra-17")
@pytest.mark.parametrize(
    ("kept", "clause"),
    [('["dpa"]', "4.2"), ('["security-attestation"]', "4.3")],
)
def test_no_file_names_a_provider_that_is_not_bound(
    company_key: str, kept: str, clause: str
) -> None:
    text = shipped(company_key)
    before = 'safeguards = ["dpa", "security-attestation"]\nexpires = 2028-06-30'
    assert text.count(before) == 1
    found = problems(text.replace(before, f"safeguards = {kept}\nexpires = 2028-06-30"))
    [refused] = [one for one in found if one["code"] == "T304"]
    assert clause in refused["message"]
    assert "payments" in refused["message"]
    past = text.replace(before, before.replace("2028-06-30", "2001-01-01"))
    assert {"T305", "T413"} & codes(past)


@pytest.mark.clause("comintech-03")
def test_what_no_clause_lets_out_stays(make_installation: MakeInstallation) -> None:
    site = make_installation(company="comintech")
    said = answers(
        *(site,), purposes=["support", "newsletter"],
        data=["user.name", "user.contact.phone_number"], to=["support-agent", "traffic-analyst"],
    )  # fmt: skip
    assert passed(said) == {("support", "user.name", "support-agent")}
    phone = said["support", "user.contact.phone_number", "support-agent"]
    assert phone["reason"] == "no-clause"
    for words in ("`user.contact.phone_number`", "`support-agent`", "[[share]] clause"):
        assert words in phone["sentence"]


@pytest.mark.clause("comintech-40")
def test_an_affiliate_is_bound_to_the_purposes_of_this_policy(
    make_installation: MakeInstallation,
) -> None:
    said = answers(
        make_installation(company="comintech"),
        purposes=["fulfilment", "service-notices", "support", "newsletter", "offers", "statistics"],
        data=["user.name", "user.contact.email", "user.content.private"],
        to=["sister-company"],
    )
    assert passed(said) == {
        (purpose, data, "sister-company")
        for purpose in ("fulfilment", "service-notices")
        for data in ("user.name", "user.contact.email")
    }
    text = shipped("comintech")
    bound = 'safeguards = ["bound-by-policy", "written-agreement"]\nexpires = 2029-12-31'
    assert text.count(bound) == 1
    assert "T303" in codes(text.replace(bound, "expires = 2029-12-31"))


@pytest.mark.clause("comm100-41")
def test_who_runs_a_survey_gets_the_answers_for_it_alone(
    make_installation: MakeInstallation,
) -> None:
    said = answers(
        make_installation(company="comm100"),
        purposes=["surveys", "contests", "newsletter", "offers", "support", "interest"],
        data=["user.contact.email", "user.demographic.age_range", "user.workplace"],
        to=["survey-host"],
    )
    assert passed(said) == {
        (purpose, data, "survey-host")
        for purpose in ("surveys", "contests")
        for data in ("user.contact.email", "user.demographic.age_range")
    }


@pytest.mark.clause("comindware-34")
def test_the_chain_of_who_passes_data_on_is_public(company: Company) -> None:
    words = company.reader().get("/policy").words
    assert "Rolodeck CRM (rolodeck.example) (processor in US)" in words
    assert "May pass it on to Tall Pine Hosting (tallpine.example)" in words
    policy = tomllib.loads(shipped("comindware"))
    chained = [one for one in policy["recipients"].values() if one.get("onward")]
    assert words.count("May pass it on to") == len(chained) > 0
    bind(company, "customer-records", "customer-records-host")
    said = answers(
        *(company.site,), purposes=["fulfilment"], data=["user.name"],
        to=["customer-records", "customer-records-host"],
    )  # fmt: skip
    assert len(passed(said)) == 2
