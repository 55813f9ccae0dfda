"""The pages of visits in a real browser, with figures and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from proofs.company import Company, opened
from proofs.visiting import report, visitor
from support.browser import for_everybody
from support.installations import Installation

ADDRESS, PASSWORD = "owner@staff.example", "six geese a-laying eggs"
PAGES = ("", "now", "trends", "figures", "sites")


@pytest.fixture(scope="module")
def company(make_installation: Callable[..., Installation]) -> Iterator[Company]:
    with opened(make_installation(company="comintech"), parts=("web", "worker")) as found:
        yield found


def log_in(page: Page, company: Company) -> None:
    """With the cookies of an owner who is logged in already."""
    owner = company.staff()
    page.context.add_cookies(
        [
            {"name": one.name, "value": one.value or "", "url": company.site.url}
            for one in owner.cookies
        ]
    )


@pytest.mark.parametrize("full", [False, True])
def test_the_pages_are_for_everybody(company: Company, page: Page, full: bool) -> None:
    if full:
        reader = visitor(company, yes=True)
        report(reader, "/account/login/")
        report(reader, "/policy", "/")
        report(reader, "/policy", clicks="https://docs.example/start", actions="download")
        owner = company.staff()
        token = [
            (
                "csrfmiddlewaretoken",
                owner.get("/console/web/sites").inputs("csrfmiddlewaretoken")[0],
            )
        ]
        assert owner.post("/console/web/sites", [*token, ("origin", "nonsense")]).status == 422
        added = owner.post("/console/web/sites", [*token, ("origin", "https://shop.example")])
        assert "https://shop.example" in added.words
    log_in(page, company)
    for name in PAGES:
        page.goto(f"{company.site.url}/console/web/{name}")
        assert page.locator("h1").count() == 1
        assert for_everybody(page) == [], name
    if full:
        page.goto(f"{company.site.url}/console/web/?days=7")
        page.get_by_label("Page", exact=True).select_option("/policy")
        page.get_by_role("button", name="Show").click()
        assert "page=%2Fpolicy" in page.url
        assert page.get_by_role("heading", name="Systems").count()
