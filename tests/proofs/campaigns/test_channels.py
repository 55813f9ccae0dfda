"""By mail, by post, by phone: each is somebody's own choice, and the lists go through the gate."""

from __future__ import annotations

import re

import pytest

from proofs.campaigns.campaigning import (
    choose,
    crew,
    join,
    refuse_all,
    sent,
    sign_up,
    who_got,
)
from proofs.company import Company, submit
from support.seeded import Seed

LISTS = "/console/campaigns/lists"


def listed(company: Company, purpose: str, way: str) -> str:
    """The file of those who may be reached, as the owner takes it out."""
    owner = company.staff("Owner")
    page = owner.get(f"{LISTS}?purpose={purpose}&way={way}")
    made = submit(owner, page, "way")
    assert made.headers["Content-Type"].startswith("text/csv"), made.words
    return made.text


@pytest.mark.clause("comindware-15")
def test_each_channel_is_a_choice_and_lists_hold_only_who_allows_it(company: Company) -> None:
    people = crew(4)
    for seed in people:
        join(company, seed, phone=seed.phone)
    choose(company, people[0], off=["newsletter:phone"])
    choose(company, people[1], off=["newsletter:email"])
    refuse_all(company, people[3])
    sent(company, "newsletter", people)
    assert who_got(company, people) == [True, False, True, False]
    assert _called(listed(company, "newsletter", "phone"), people) == [False, True, True, False]
    partners = listed(company, "partner-offers", "phone")
    assert _called(partners, people) == [True, True, True, False]

    homes = ["7 Herring Row, Hull", "9 Herring Row, Hull"]
    residents = crew(2)
    for seed, home in zip(residents, homes, strict=True):
        reader = sign_up(company, seed)
        submit(reader, reader.get("/account/profile/"), "name", post_address=home)
    choose(company, residents[0], off=["newsletter:post"])
    post = listed(company, "newsletter", "post")
    assert [home in post for home in homes] == [False, True]
    assert company.staff("Agent").get(LISTS).status == 403
    ledger = company.staff("Owner").get("/console/ledger").words
    assert "News and offers from us" in ledger


def _called(file: str, people: list[Seed]) -> list[bool]:
    """For each of them whether their number is in the file, however it is spaced."""
    digits = re.sub(r"[^\d\n]", "", file)
    return [seed.phone.removeprefix("+") in digits for seed in people]
