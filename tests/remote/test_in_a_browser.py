"""The pages of remote help for everybody: axe, a phone, no JavaScript, a restart in the middle."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from proofs.asking import until
from proofs.company import Company, opened
from proofs.remote.helping import HERE, Session, Visit, frames, write_note
from support.browser import for_everybody
from support.installations import Installation


@pytest.fixture(scope="module")
def company(make_installation: Callable[..., Installation]) -> Iterator[Company]:
    made = make_installation(company="comantra")
    with opened(made, parts=("web", "live"), TROTH_REMOTE_CODE_TRIES="1000") as found:
        yield found


def sound(page: Page) -> None:
    assert not for_everybody(page), page.url


def test_every_page_is_for_everybody(company: Company, new_page: Callable[..., Page]) -> None:
    agent = company.new_staff("Agent")
    there = Session.between(company, new_page, agent)
    showing, watching = there.showing, there.watching
    sound(showing)
    sound(watching)
    there.allow()
    for page in (showing, watching):
        sound(page)
    shown = frames(watching)
    watching.reload()  # the agent's page is gone for a moment: that ends it
    expect(showing.get_by_role("heading", name="The session is over")).to_be_visible()
    assert shown > 0
    assert there.row()["ended_by"] == "agent"
    expect(watching.get_by_text("It is over.")).to_be_visible()
    for page in (showing, watching):
        sound(page)
    write_note(agent, there.ref, "Looked, and found nothing.")
    watching.goto(f"{company.site.url}{HERE}")
    sound(watching)
    showing.goto(f"{company.site.url}/help-session")
    sound(showing)
    showing.goto(f"{company.site.url}/")
    expect(showing.get_by_role("link", name="Let an agent look at your computer")).to_be_visible()


def test_without_scripts_it_says_what_is_needed(
    company: Company, new_page: Callable[..., Page]
) -> None:
    visit = Visit.new(company, company.new_staff("Agent"))
    page = new_page(java_script_enabled=False)
    page.goto(visit.page.url)
    expect(page.get_by_text("This needs JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Allow")).to_be_hidden()
    page.get_by_role("button", name="No, do not show anything").click()
    expect(page.get_by_role("heading", name="The session is over")).to_be_visible()
    assert visit.state == "ended"


def test_a_phone_says_that_it_cannot(company: Company, new_page: Callable[..., Page]) -> None:
    page = new_page(viewport={"width": 360, "height": 780})
    page.add_init_script("delete MediaDevices.prototype.getDisplayMedia")  # as on a phone
    visit = Visit.new(company, company.new_staff("Agent"))
    page.goto(visit.page.url)
    expect(page.get_by_text("Browsers on phones and tablets cannot do it")).to_be_visible()
    expect(page.get_by_role("button", name="Allow")).to_be_hidden()
    assert visit.state == "joined"


def test_a_session_goes_on_after_the_live_process_began_again(
    company: Company, browser: Browser
) -> None:
    agent = company.new_staff("Agent")
    # Their consoles may complain of the line that is not there for a moment.
    there = Session.between(company, lambda: browser.new_context().new_page(), agent)
    there.allow()
    live_of(company).terminate()
    expect(there.watching.get_by_text("You see their screen")).to_be_hidden()
    expect(there.watching.locator("[data-stage]:not([data-away])")).to_be_visible()
    before = frames(there.watching)
    until(lambda: frames(there.watching) > before + 3, "pictures again")
    assert there.row()["state"] == "running"
    there.watching.get_by_role("button", name="End it").click()
    expect(there.showing.get_by_role("heading", name="The session is over")).to_be_visible()
    assert there.row()["ended_by"] == "agent"
    assert there.showing.evaluate("document.querySelector('[data-mine]').srcObject") is None
    for page in (there.showing, there.watching):
        page.context.close()


def live_of(company: Company) -> psutil.Process:
    """Its live process."""
    port = str(company.site.port)
    [server] = [one for one in psutil.Process().children() if port in one.cmdline()]
    [found] = [one for one in server.children(recursive=True) if one.name() == "troth live"]
    return found
