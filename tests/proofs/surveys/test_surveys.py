"""Surveys: built, answered by whoever wants to, counted, and answered by nobody who said no."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from proofs.company import Company
from support.pages import form, submit
from support.reader import Page
from support.seeded import Seed

ASKED = (
    ("How was the last answer you got?", "scale", ""),
    ("What do you use us for?", "some", "Chat\nMail\nForms"),
    ("What should be better?", "words", ""),
)


def made(company: Company, title: str, intro: str = "Three questions.") -> Page:
    """A survey as an owner builds it in the console: its page, not open yet."""
    owner = company.staff("Owner")
    page = submit(
        owner, owner.get("/console/surveys/new/survey"), "title", title=title, intro=intro
    )
    for words, kind, options in ASKED:
        page = submit(
            owner, page, "words", words=words, kind=kind, options=options, element="answers"
        )
    return page


def opened(company: Company, page: Page) -> str:
    """Open it; the address of its public page."""
    page = submit(company.staff("Owner"), page, to="/move", do="open")
    [address] = re.findall(r'href="(/surveys/[0-9a-f]+)"', page.text)
    return address


@pytest.mark.clause("comm100-10")
def test_a_survey_is_built_opened_answered_and_counted(company: Company) -> None:
    owner = company.staff("Owner")
    draft = made(company, "How is our service?")
    assert company.reader().get("/surveys/").text.count("How is our service?") == 0
    address = opened(company, draft)
    assert "How is our service?" in company.reader().get("/surveys/").text
    secret = Seed.new().name
    for score, used, words in (("9", ["Chat", "Mail"], secret), ("4", ["Chat"], "")):
        visitor = company.reader()
        page = visitor.get(address)
        assert "What do you use us for?" in page.text
        done = submit(visitor, page, "nonce", q1=score, q2=used, q3=words)
        assert "Thank you" in done.text, done.words
    answers = company.rows("SELECT value FROM people_element WHERE touchpoint = 'surveys.answer'")
    assert len(answers) == 5
    assert all(secret.encode() not in bytes(value) for (value,) in answers)

    page = owner.get(f"/console{address}")
    shown = submit(owner, page, to="/results")
    assert "6.5 on average" in shown.words
    assert secret in shown.words
    assert "<svg" in shown.text
    bars = re.search(r"What do you use us for\?.*?</table>", shown.text, re.DOTALL)
    assert bars is not None
    assert re.search(r"Chat.{0,200}?2.*?Mail.{0,200}?1.*?Forms.{0,200}?0", bars[0], re.DOTALL)
    table = submit(owner, shown, to="/export").text
    assert "Chat; Mail" in table
    assert secret in table
    assert "@" not in table

    submit(owner, owner.get(f"/console{address}"), to="/move", do="close")
    closed = company.reader().get(address)
    assert (closed.status, "takes no more answers" in closed.words) == (410, True)
    assert form(page).action
    assert urlsplit(page.url).path.endswith(address)
