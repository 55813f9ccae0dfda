"""“See it hold”: every button, pressed as a newcomer presses it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page as BrowserPage

from support.browser import for_everybody
from support.installations import Installation, Site
from support.pages import submit
from support.reader import Reader
from troth.hub.commands.install import POLICIES
from troth.hub.demo.holding.recipient import widened
from troth.policy import compare, read

PAGE = "/see-it-hold/"
WAIT = 120_000  # milliseconds


@pytest.fixture
def page(demo_site: Site, new_page: Callable[..., BrowserPage]) -> BrowserPage:
    opened = new_page()
    opened.goto(f"{demo_site.url}{PAGE}")
    return opened


def tried(page: BrowserPage, key: str) -> Locator:
    """Press the button of a card; what stands beside it once it is done."""
    page.locator(f"#{key} form button").click()
    page.locator(f"#{key}-result .hold-verdict").wait_for(timeout=WAIT)
    return page.locator(f"#{key}-result")


def test_a_phone_number_is_not_for_marketing(page: BrowserPage) -> None:
    result = tried(page, "phone")
    assert "Refused: the number stayed sealed." in result.inner_text()
    clause = result.locator(".hold-clause .chip")
    number = clause.inner_text().removeprefix("§").strip()
    assert clause.get_attribute("href") == f"/policy#clause-{number}"
    first, last = result.locator("summary").all_inner_texts()
    assert "was refused" in first
    assert " read " in last
    assert for_everybody(page) == []


def test_one_no_stops_a_whole_sending(page: BrowserPage) -> None:
    result = tried(page, "letters")
    said = result.inner_text()
    assert "Refused: nobody got anything." in said
    assert re.search(r"1 of \d+ people may not be used", said)
    assert "is not among them" in said
    assert for_everybody(page) == []


def test_a_value_without_a_purpose_stays_sealed(page: BrowserPage) -> None:
    result = tried(page, "sealed")
    assert "It stayed sealed: no purpose, no key." in result.inner_text()
    printed, raw, clear = result.locator("li > div > pre").all_inner_texts()
    assert "<sealed " in printed
    assert raw.startswith("01 "), "the format number"
    assert clear.encode().hex(" ") not in raw
    assert "it is nowhere" in result.inner_text()
    assert clear.strip() not in result.locator("summary").inner_text()
    assert for_everybody(page) == []


def test_a_row_of_the_ledger_is_not_changed_unseen(demo: Installation, page: BrowserPage) -> None:
    result = tried(page, "ledger")
    said = result.inner_text()
    assert "Found out, every time." in said
    position = re.search(r"WHERE position = (\d+)", said)
    assert position
    assert "the ledger is append-only" in said
    assert f"The entry at {position[1]} is not what its hash says." in said
    assert "are not those a checkpoint signs" in said
    assert "said no to" in result.locator("summary").first.inner_text()
    assert for_everybody(page) == []
    assert demo.run("ledger", "verify").returncode == 0


def test_a_new_recipient_waits_until_people_know(demo: Installation, page: BrowserPage) -> None:
    result = tried(page, "recipient")
    said = result.inner_text()
    assert "Refused, until people know and have had time to say no." in said
    assert "New recipient: Fairweather Data" in said
    # Who is being told of an earlier change waits for that first; either way nothing goes at once.
    first = min(said.find(words) % len(said) for words in ("has to be told", "still has time"))
    told = [first, said.rindex("still has time"), said.index("may go.")]
    assert told == sorted(told)
    assert for_everybody(page) == []
    with sqlite3.connect(demo.home / "main.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM notices_policyversion").fetchone() == (2,)


def test_nobody_comes_back_with_a_backup(
    demo: Installation, demo_site: Site, page: BrowserPage
) -> None:
    page.locator("#restore form button").click()
    page.locator("#restore-result .hold-progress").wait_for(timeout=WAIT)
    reader = Reader(demo_site.url)
    waiting = submit(reader, reader.get(PAGE), to="/restore")  # the same run, without JavaScript
    assert "See how far it is" in waiting.words
    assert for_everybody(page) == []
    result = page.locator("#restore-result")
    result.locator(".hold-verdict").wait_for(timeout=WAIT)
    said = result.inner_text()
    assert "They did not come back." in said
    gone, kept = re.findall(r"person ([0-9a-f]{6})", result.locator("li").first.inner_text())[:2]
    assert f"Of person {gone}: nothing. Of person {kept}: " in said
    assert "each as it was typed" in said
    assert "Erased again: 1 people, 1 keys." in said
    assert "Erased again: 0 people, 0 keys." in said
    assert for_everybody(page) == []
    assert "They did not come back." in reader.get(f"{PAGE}restore").words, "by reloading"
    with sqlite3.connect(demo.home / "main.sqlite3") as database:
        query = (
            "SELECT count(*) FROM people_element JOIN people_person ON person_id = people_person.id"
            " WHERE substr(ref, 1, 6) = ?"
        )
        held = [database.execute(query, [ref]).fetchone()[0] for ref in (gone, kept)]
    assert held[0] == 0
    assert held[1] > 0


def test_the_site_and_the_console_lead_there(demo_site: Site, site: Site) -> None:
    assert f'href="{PAGE}"' in Reader(demo_site.url).get("/").text
    assert PAGE not in Reader(site.url).get("/").text


@pytest.mark.parametrize("path", sorted(POLICIES.glob("*.toml")), ids=lambda path: path.stem)
def test_each_company_could_have_the_new_recipient(path: Path) -> None:
    policy = read(path.read_text("utf-8"), name=path.name).policy
    assert policy is not None
    purpose = next(key for key, known in policy.purposes.items() if known.basis == "essential")
    wider = read(widened(policy, purpose)[1], name=path.name)
    assert wider.policy is not None, wider.errors
    changes = compare(policy, wider.policy).changes
    assert [change.kind for change in changes] == ["recipient", "share"]
    assert all(change.material for change in changes)


def test_without_javascript_it_is_the_whole_page(demo_site: Site) -> None:
    reader = Reader(demo_site.url)
    empty = reader.get(PAGE)
    assert "Not tried yet." in empty.words
    done = submit(reader, empty, to="/phone")
    assert "Refused: the number stayed sealed." in done.words


def test_only_a_demo_has_it(site: Site, demo_site: Site) -> None:
    for path in (PAGE, f"{PAGE}phone"):
        assert Reader(site.url).get(path).status == 404
        assert Reader(demo_site.url).get(path, Host="testserver").status == 404
    assert Reader(demo_site.url).get(f"{PAGE}other").status == 404
