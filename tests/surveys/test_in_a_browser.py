"""A survey and a contest through a real browser: made, answered, counted, drawn; axe on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from proofs.company import PASSWORD, Company, opened
from proofs.surveys.test_surveys import its_time_comes
from support.browser import for_everybody
from support.installations import Installation
from support.seeded import Seed

OWNER = Seed.new()
CLOSES = (datetime.now(UTC) + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture(scope="module")
def company(make_installation: Callable[..., Installation]) -> Iterator[Company]:
    with opened(make_installation(company="comm100"), parts=("web",)) as found:
        owner = found.new_staff("Owner", seed=OWNER)
        assert "No survey yet" in owner.get("/console/surveys/").words
        assert "Nothing is open now" in found.reader().get("/surveys/").words
        yield found


def sound(page: Page) -> None:
    assert not for_everybody(page), page.url


def log_in(page: Page, company: Company) -> None:
    page.goto(f"{company.site.url}/console/surveys/")
    page.locator("input[name=name]").fill(OWNER.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/console/surveys/")


def address_of(page: Page) -> str:
    """Where everybody finds it."""
    page.locator("main a[href^='/surveys/']").wait_for()
    return str(page.locator("main a[href^='/surveys/']").get_attribute("href"))


def test_a_survey_from_the_first_question_to_the_last_answer(
    company: Company, page: Page, browser: Browser
) -> None:
    log_in(page, company)
    page.get_by_role("main").get_by_role("link", name="Survey", exact=True).click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This field is required").first).to_be_visible()
    sound(page)
    page.get_by_label("Title").fill("How is our service?")
    page.get_by_label("What people read first").fill("Two questions, a minute.")
    page.get_by_role("button", name="Save").click()
    for words, kind, options in (
        ("How was the last answer you got?", "A number from 0 to 10", ""),
        ("What do you use us for?", "Any of several", "Chat\nMail"),
        ("What should be better?", "In their own words", ""),
    ):
        page.locator("input[name=words]").fill(words)
        page.get_by_label(kind).check()
        page.get_by_label("Answers to choose from").fill(options)
        page.get_by_label("What the answers are").select_option("answers")
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_text(words, exact=True)).to_be_visible()
    sound(page)
    page.get_by_role("button", name="Open it").click()
    address = address_of(page)
    sound(page)

    visitor = browser.new_page()
    visitor.goto(f"{company.site.url}/surveys/")
    sound(visitor)
    visitor.goto(f"{company.site.url}{address}")
    sound(visitor)
    visitor.get_by_label("8", exact=True).check()
    visitor.get_by_label("Chat", exact=True).check()
    visitor.get_by_label("What should be better?").fill("Answer on Sundays.")
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.get_by_role("heading", name=re.compile("Thank you"))).to_be_visible()

    page.reload()
    page.get_by_role("button", name="See what came of it").click()
    expect(page.get_by_text("8.0 on average")).to_be_visible()
    expect(page.get_by_text("Answer on Sundays.")).to_be_visible()
    sound(page)
    page.goto(f"{company.site.url}/console/surveys/")
    sound(page)
    visitor.close()


def test_a_contest_from_its_entry_to_its_draw(
    company: Company, page: Page, browser: Browser
) -> None:
    log_in(page, company)
    page.get_by_role("link", name="Contest", exact=True).click()
    page.get_by_label("Title").fill("Win a teapot")
    page.get_by_label("Closes").fill(CLOSES)
    page.get_by_label("What there is to win").fill("A teapot")
    page.get_by_label("How many win").fill("1")
    sound(page)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Open it").click()
    address = address_of(page)
    visitor = browser.new_page()
    visitor.goto(f"{company.site.url}{address}")
    visitor.get_by_label("Name").fill("Ada Example")
    visitor.get_by_label("mail", exact=False).first.fill("ada@people.example")
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.get_by_text("takes part")).to_be_visible()
    sound(visitor)
    sound(page)
    its_time_comes(company, address)
    page.goto(f"{company.site.url}/console/")
    expect(page.get_by_text("“Win a teapot” waits for its draw")).to_be_visible()
    page.get_by_text("“Win a teapot” waits for its draw").click()
    page.get_by_role("button", name="Draw the winners").click()
    sound(page)
    visitor.goto(f"{company.site.url}{address}")
    expect(visitor.get_by_role("heading", name="The draw")).to_be_visible()
    sound(visitor)
    visitor.close()
