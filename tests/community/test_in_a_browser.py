"""Every page of the community in a real browser, on a phone and on a desk, with axe on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from proofs.asking import Asker
from proofs.community.forum import Author, board, posts
from proofs.community.public import picture
from proofs.community.test_customers import entered, told
from proofs.community.test_stories import answer, last, publish, written
from proofs.company import PASSWORD, Company, opened
from support.browser import for_everybody
from support.installations import Installation
from support.pages import submit
from support.seeded import Seed

OWNER = Seed.new()
BODY = "Take **one**, then:\n\n- a\n- b"


@pytest.fixture(scope="module")
def company(make_installation: Callable[..., Installation]) -> Iterator[Company]:
    with opened(make_installation(company="comm100")) as found:
        found._staff["Owner"] = found.new_staff("Owner", seed=OWNER)
        yield found


def sound(page: Page, company: Company, *paths: str) -> None:
    found = []
    for path in paths:
        page.goto(f"{company.site.url}{path}" if path.startswith("/") else path)
        found += [f"{path}: {one}" for one in for_everybody(page)]
    assert not found, "\n".join(found)


def test_the_pages_are_for_everybody(company: Company, page: Page) -> None:
    owner = company.staff("Owner")
    author = Author(company, owner)
    author.takes_note()
    thread = author.begins("How do I put it up?", f"I have a screw left. {BODY}", speaks="on")
    other = author.answers(thread, "So have I.", quotes=posts(thread)[0])
    ref = thread.url.partition("#")[0].rpartition("/")[2]
    submit(owner, owner.get(f"/console/forum/t/{ref}"), "ground", to=posts(other)[1],
           ground="spam-prevention", words="It sells screws.")  # fmt: skip
    writing = owner.get("/console/help/new")
    article = submit(owner, writing, "body", section="Tea", title="A pot", body=BODY, do="save")
    submit(owner, article, "number", to="/publish", number="1")
    submit(owner, article, "body", title="A pot", body="Other words", do="save")
    ada = Asker.known(company)
    entered(company, ada, logo=picture())
    told(company, ada)
    written(company, ada, "It has never rained since.")
    link = company.link(ada.seed.email, "/stories/answer/")
    sound(page, company, link, company.link(ada.seed.email, "/customers/leave/"))
    answer(ada, ada.reader, "agree")
    publish(company, last(company))
    first, second = posts(other)
    sound(page, company, *(
        "/", "/forum/", board(company), f"/forum/t/{ref}", f"/forum/p/{second}",
        "/forum/search?q=screw", f"/forum/p/{first}/report", "/help/?q=pot", "/help/a-pot",
        "/stories/", "/customers/",
    ))  # fmt: skip

    page.goto(f"{company.site.url}/forum/terms")
    page.locator("input[name=name]").fill(OWNER.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("heading", name="Before you post")).to_be_visible()
    sound(page, company, *(
        "/forum/terms", f"{board(company)}/new", f"/forum/t/{ref}/reply?quotes={first}",
        f"/forum/p/{first}/edit", "/account/forum", "/console/forum/", f"/console/forum/t/{ref}",
        "/console/help/", "/console/help/a-pot",
        "/console/help/a-pot/compare?from=1&to=2", "/console/customers/", "/console/stories/",
        "/console/stories/new",
    ))  # fmt: skip
    # What is refused is said beside the form, and what was typed stays in it.
    page.goto(f"{company.site.url}/console/customers/")
    page.locator("[name=address]").fill("nobody@people.example")
    page.locator("[name=company]").fill("Nobody & Sons")
    page.locator("[name=website]").fill("https://nobody.example")
    page.get_by_role("button", name="Enter it").click()
    expect(page.get_by_text("Nobody here has this address.")).to_be_visible()
    expect(page.locator("[name=company]")).to_have_value("Nobody & Sons")
    assert not for_everybody(page)
    page.goto(f"{company.site.url}/forum/t/{ref}/reply")
    page.get_by_role("button", name="Post it for everybody").click()
    expect(page.get_by_text("This field is required").first).to_be_visible()
    assert not for_everybody(page)
