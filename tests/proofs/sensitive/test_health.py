"""What is said of health in a survey goes to a partner with an express yes to just that."""

from __future__ import annotations

import re

import pytest

from proofs.campaigns.campaigning import Make
from proofs.company import Company
from support.pages import form, submit
from support.reader import Page, Reader
from support.seeded import Seed

PARTNER, PURPOSE = "marketing-partner", "accessibility"
GIVEN = """
[[share]]
clause = "5.13"
with = ["marketing-partner"]
data = ["user.health_and_medical"]
for = ["accessibility"]
choice = "explicit-opt-in"
"""


def with_a_partner(text: str) -> str:
    """A version whose partner may have what its people agreed to give it."""
    return text.replace('version = "', 'version = "given-', 1) + GIVEN


def asked_of_health(company: Company) -> str:
    """A survey with a question of health: the address of its page."""
    owner = company.staff("Owner")
    page = submit(
        owner, owner.get("/console/surveys/new/survey"), "title", title="Rooms", asks=["email"]
    )
    page = submit(owner, page, "words", words="What do you need?", kind="words", element="health")
    page = submit(owner, page, to="/move", do="open")
    [address] = re.findall(r'href="(/surveys/[0-9a-f]+)"', page.text)
    return str(address)


def tell(company: Company, address: str, seed: Seed, **more: str) -> Page:
    visitor = company.reader()
    return submit(visitor, visitor.get(address), "nonce", q1=seed.website, email=seed.email, **more)


def confirmed(company: Company, address: str, seed: Seed) -> str:
    """Answer with a yes to its use, and say so from the address: the page of one's choices."""
    assert tell(company, address, seed, yes_accessibility="on", yes_panels="on").status == 200
    reader = company.reader()
    done = submit(
        reader, reader.get(company.link(seed.email, "/forms/sign-up/")), to="/forms/sign-up/"
    )
    found = re.findall(r'"(?:https?://[^/"]+)?(/preferences/[^"]+)"', done.text)
    assert found, done.words
    return str(found[0])


def switch(company: Company, own: str, *, on: bool) -> None:
    """Say yes to giving it to the partner, or take that back."""
    reader = company.reader()
    page = reader.get(own)
    wanted = {f"{PURPOSE}:to.{PARTNER}"}
    ticked = page.ticked() | wanted if on else page.ticked() - wanted
    assert submit(reader, page, "shown", on=sorted(ticked)).status == 200


def handed(owner: Reader, shown: Page) -> str:
    """The answers as they are downloaded for the partner."""
    asked = form(shown, "to", to="/export")
    kept = [one for one in asked.fields if one[0] != "to"]
    page = owner.post(asked.action, [*kept, ("to", PARTNER)])
    assert page.status == 200, page.words[-700:]
    return page.text


@pytest.mark.clause("comintech-49")
def test_an_answer_of_health_goes_to_a_partner_for_whom_somebody_said_yes(
    make_company: Make,
) -> None:
    with make_company(policy=with_a_partner) as company:
        address = asked_of_health(company)
        agrees, uses, silent = Seed.new(), Seed.new(), Seed.new()
        refused = tell(company, address, silent)
        assert refused.status == 422
        assert "Only with your yes" in refused.words
        own, _ = [confirmed(company, address, seed) for seed in (agrees, uses)]
        switch(company, own, on=True)
        owner = company.staff("Owner")
        shown = submit(owner, owner.get(f"/console{address}"), to="/results")
        assert agrees.website in shown.words
        assert uses.website in shown.words
        assert silent.website not in shown.words
        given = handed(owner, shown)
        assert agrees.website in given
        assert uses.website not in given
        assert silent.website not in given
        switch(company, own, on=False)
        assert agrees.website not in handed(owner, shown), "nobody is left to agree"
        assert company.rows("SELECT count(*) FROM people_element WHERE name LIKE 'health%'") == [
            (2,)
        ]
