"""What came on paper is no part of a policy about what is collected online, and is marked so."""

from __future__ import annotations

import html
import re
import tomllib

import pytest

from proofs.company import Company, submit
from proofs.customers import Customer, look_up
from support.seeded import assert_nowhere

LETTER = "/console/conversations/new/letter"


def marked(text: str, value: str) -> bool:
    """Whether the piece of the page that shows a value says that it came offline."""
    pieces = re.split(r"<li>|<tr>", html.unescape(text))
    found = [piece.partition("</li>")[0] for piece in pieces if value in piece]
    assert found, f"{value} is nowhere"
    return "came offline" in found[0]


@pytest.mark.clause("com1-06")
def test_what_staff_enter_from_a_letter_is_marked_as_out_of_scope(company: Company) -> None:
    reader, owner = company.reader(), company.staff("Owner")
    [scope] = tomllib.loads(reader.get("/policy.toml").text)["scope"]
    assert scope["online_only"] is True
    assert "what is collected offline" in scope["excludes"]
    page = reader.get("/policy").words
    for said in (*scope["covers"], *scope["excludes"], "offline is marked as outside of it"):
        assert said in page
    client = Customer.with_account(company)
    paper = f"Ebenezer Vellum{client.seed.name[-6:]}"
    form = owner.get(LETTER)
    told = submit(
        *(owner, form, "name"), name=paper, email=client.seed.email, message=client.seed.message
    )
    assert told.status == 200, told.words
    assert "Entered as" in told.words
    shown = look_up(owner, client.seed.email, purpose="support").text
    assert marked(shown, paper)
    assert not marked(shown, client.seed.name), "what was given online is in scope"
    assert "outside this policy" in shown
    assert (
        'href="/policy#clause-1-1"' in shown or "1.1" in shown.partition("outside this policy")[2]
    )
    mine = client.reader.get("/account/my-data/").text
    assert marked(mine, paper)
    assert marked(mine, client.seed.message)
    assert not marked(mine, client.seed.name)
    assert "outside the policy" in mine
    # Out of scope, and all the same as safe as the rest: sealed, and opened for a purpose alone.
    assert_nowhere([paper, client.seed.message], company.site.home)
    other = company.new_staff("Agent")
    assert paper not in other.get(look_up(owner, client.seed.email, purpose="support").url).text
    rows = company.rows("SELECT DISTINCT touchpoint FROM people_element WHERE offline = 1")
    assert rows == [("tickets.mail",)]
