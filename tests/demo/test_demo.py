"""`troth demo`: a company's site with a past, kept between starts."""

from __future__ import annotations

import json
import re
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page as BrowserPage

from support.browser import axe
from support.installations import Installation, Site, free_port, served
from support.reader import Reader

PEOPLE = 45  # few enough to be quick, enough for every kind of event


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A small demo of Comm100; `said` is what the first start printed."""
    base = tmp_path_factory.mktemp("demo")
    environment = {"TROTH_DEMO": "true", "TROTH_SMTP_PORT": str(free_port())}
    made = Installation(base / "comm100", "comm100", environment)
    done = made.run("demo", "--home", base, "--no-serve", "--people", str(PEOPLE))
    (base / "said").write_text(done.stdout, "utf-8")
    return made


@pytest.fixture(scope="session")
def demo_site(demo: Installation) -> Iterator[Site]:
    with served(demo) as site:
        yield site


def test_it_says_where_to_look(demo: Installation) -> None:
    said = (demo.home.parent / "said").read_text("utf-8")
    for place in ("/", "/policy", "/preferences/", "/mailbox/", "/console/", "/account/"):
        assert f"http://127.0.0.1:8000{place}" in said
    assert re.search(r"as the owner +owner@comm100.example +password: \S{12,}", said)


def test_a_second_start_keeps_everything(demo: Installation) -> None:
    def counted() -> tuple[int, ...]:
        with sqlite3.connect(demo.home / "main.sqlite3") as database:
            tables = ("people_person", "forms_submission", "ledger_entry")
            return tuple(
                database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables
            )

    before = counted()
    done = demo.run("demo", "--home", demo.home.parent, "--no-serve")
    assert counted() == before
    assert before[0] > PEOPLE
    first = (demo.home.parent / "said").read_text("utf-8")
    for line in first.splitlines():
        if "password" in line:
            assert line in done.stdout


def test_the_passwords_are_for_the_owner_of_the_folder_alone(demo: Installation) -> None:
    path = demo.home / "demo-passwords.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {row["who"] for row in json.loads(path.read_text())} >= {"owner", "agent", "auditor"}


def test_the_history_went_through_the_ledger(demo: Installation) -> None:
    assert demo.run("ledger", "verify").returncode == 0
    with sqlite3.connect(demo.home / "main.sqlite3") as database:
        acts = dict(database.execute("SELECT act, count(*) FROM ledger_entry GROUP BY act"))
        first, last = database.execute("SELECT min(at), max(at) FROM ledger_entry").fetchone()
        times = [at for (at,) in database.execute("SELECT at FROM ledger_entry ORDER BY position")]
        waiting = database.execute("SELECT count(*) FROM ledger_pending").fetchone()[0]
    assert {"forms.submitted", "gate.used", "accounts.confirmed", "people.merged"} <= acts.keys()
    assert {"choices.refused", "notices.published"} <= acts.keys()
    assert acts["notices.published"] == 2
    assert int(last[:4]) - int(first[:4]) in {1, 2}
    assert waiting == 0
    assert times == sorted(times)


def test_a_new_version_is_announced_and_compared(demo_site: Site) -> None:
    reader = Reader(demo_site.url)
    home = reader.get("/")
    link = re.search(r'class="notice-bar".*?<a href="([^"]+)"', home.text, re.DOTALL)
    assert link
    compared = reader.get(link[1])
    assert "New purpose: Offers and events" in compared.words
    assert "This changes what we do with your data" in compared.words
    old = reader.get("/policy/versions/2008-10-01")
    assert "This is an earlier version" in old.words
    assert 'id="clause-3.7"' not in old.text
    assert 'id="clause-3.7"' in reader.get("/policy").text
    card = reader.get("/policy/clause/2.4?version=2008-10-01", **{"HX-Request": "true"})
    assert "earlier version" in card.words


def test_mail_arrives_in_the_outside_worlds_mailbox(
    demo: Installation, demo_site: Site, new_page: Callable[..., BrowserPage]
) -> None:
    page = new_page()
    customer = next(
        row
        for row in json.loads((demo.home / "demo-passwords.json").read_text())
        if row["who"] == "customer"
    )
    page.goto(f"{demo_site.url}/preferences/")
    page.get_by_label("Your e-mail address").fill(customer["address"])
    page.get_by_role("button", name="Send me the link").click()
    subject = page.get_by_role("link", name=re.compile("Your choices at"))
    _until(page, f"{demo_site.url}/mailbox/", lambda: subject.count() > 0)
    assert not axe(page)
    subject.first.click()
    assert (
        "not part of the company"
        in page.get_by_role("region", name="About this mailbox").inner_text()
    )
    frame = page.frame_locator("iframe")
    assert "See and change your choices" in frame.locator("body").inner_text()
    assert not axe(page)
    page.get_by_role("link", name="As text").click()
    assert "/preferences/" in page.locator("pre").inner_text()


def test_only_a_demo_has_a_mailbox(site: Site) -> None:
    for path in (
        "/mailbox/",
        "/mailbox/x",
        "/mailbox/x/html",
        "/mailbox/x/source",
        "/mailbox/x/parts/0",
    ):
        assert Reader(site.url).get(path).status == 404


def _until(page: BrowserPage, url: str, done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline, "it did not come"
        page.goto(url)


def test_a_company_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = Installation(tmp_path).run(
        "demo", "--home", tmp_path, "--company", "nobody", check=False
    )
    assert done.returncode == 1
    assert "There is no policy file for “nobody”" in done.stderr
    assert "comm100" in done.stderr
