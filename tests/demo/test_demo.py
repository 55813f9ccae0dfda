"""`troth demo`: a company's site with a past, kept between starts."""

from __future__ import annotations

import json
import re
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page as BrowserPage

from support.browser import axe
from support.installations import Installation, Site
from support.reader import Reader


def test_it_says_where_to_look(demo: Installation) -> None:
    said = (demo.home.parent / "said").read_text("utf-8")
    for place in (
        "/",
        "/policy",
        "/preferences/",
        "/see-it-hold/",
        "/mailbox/",
        "/console/",
        "/account/",
    ):
        assert f"http://127.0.0.1:8000{place}" in said
    assert re.search(r"as the owner +owner@comm100.example +password: \S{12,}", said)


def test_a_second_start_keeps_everything(demo: Installation) -> None:
    def counted() -> tuple[int, ...]:
        with sqlite3.connect(demo.home / "main.sqlite3") as database:
            tables = ("people_person", "forms_submission", "choices_choice")
            return tuple(
                database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables
            )

    before = counted()
    done = demo.run("demo", "--home", demo.home.parent, "--no-serve")
    assert counted() == before
    assert before[0] > 45  # people; some write from two addresses
    first = (demo.home.parent / "said").read_text("utf-8")
    for line in first.splitlines():
        if "password" in line:
            assert line in done.stdout


def test_what_is_public_shows_something(demo: Installation) -> None:
    with sqlite3.connect(demo.home / "main.sqlite3") as database:
        for rows in (
            "community_post WHERE state = 'hidden'",
            "community_post WHERE quotes_id IS NOT NULL",
            "community_article WHERE shows_id IS NOT NULL",
            "community_entry WHERE published_at IS NOT NULL",
            "community_story WHERE published_at IS NOT NULL",
        ):
            assert database.execute(f"SELECT count(*) FROM {rows}").fetchone()[0], rows


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
    assert {"forms.submitted", "gate.used", "accounts.confirmed", "people.merged"} <= acts.keys()
    assert {"choices.refused", "notices.published", "staff.grant_given"} <= acts.keys()
    assert {"conversations.opened", "conversations.answered", "conversations.taken"} <= acts.keys()
    assert acts["notices.published"] == 2
    assert int(last[:4]) - int(first[:4]) in {1, 2}
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


def test_a_real_installation_is_never_made_a_demo(tmp_path: Path) -> None:
    base = tmp_path / "srv"
    home = base / "comm100"
    real = Installation(home)
    real.run("init", "--company", "comm100")
    before = {path.name: path.read_bytes() for path in home.iterdir() if path.suffix != ".sqlite3"}
    done = real.run("demo", "--home", base, "--no-serve", check=False)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    assert "that no demo made" in lines[0]
    assert "--home" in lines[2]
    assert all((home / name).read_bytes() == content for name, content in before.items())
    assert real.run("ledger", "verify").returncode == 0


def test_an_interrupted_demo_is_made_anew_but_no_database_elsewhere_is_cleared(
    tmp_path: Path,
) -> None:
    home = tmp_path / "comm100"
    home.mkdir()
    (home / "demo-begun").touch()
    (home / "main.sqlite3").write_bytes(b"cut short")
    (home / "master.key").write_text("cut short")
    elsewhere = tmp_path / "other.sqlite3"
    with sqlite3.connect(elsewhere) as database:
        database.execute("CREATE TABLE kept (id integer)")
    done = Installation(home, environment={"DATABASE_URL": f"sqlite:///{elsewhere}"}).run(
        "demo", "--home", tmp_path, "--no-serve", check=False
    )
    assert done.returncode == 1
    assert "its default database is not empty" in done.stderr
    assert "Traceback" not in done.stderr
    with sqlite3.connect(elsewhere) as database:
        assert database.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    Installation(home).run("demo", "--home", tmp_path, "--no-serve", "--people", "3")
    assert (home / "demo-made").exists()
    assert not (home / "demo-begun").exists()


def test_a_flag_alone_shows_no_mailbox(installation: Installation, demo: Installation) -> None:
    code = "from troth.hub.settings import DEMO; print(DEMO)"
    for place, said in ((installation, "False"), (demo, "True")):
        variables = place.variables() | {"TROTH_DEMO": "1"}
        done = subprocess.run(
            [sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == said


def test_the_mailbox_is_for_this_machine_alone(demo_site: Site) -> None:
    mailbox = f"{demo_site.url}/mailbox/"
    assert Reader(mailbox).get(mailbox).status == 200
    told = Reader(mailbox).get(mailbox, Host="testserver")
    assert told.status == 404
