"""`troth assess` on real installations: what holds passes, what is broken is found and named."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from assess.stub import ELSEWHERE, stub
from support.browser import for_everybody
from support.installations import Installation

POLICIES = Path(__file__).resolve().parents[2] / "policies"
NOT_HERE = ("--without", "proofs", "--without", "audit", "--without", "implemented.installed")


@dataclass(frozen=True)
class Run:
    """One assessment as it came out."""

    status: int
    said: str
    file: Path

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.file.read_text("utf-8"))
        return found

    def failed(self) -> set[tuple[str, str]]:
        """Check and place of each finding that failed."""
        return {
            (row["key"], one.get("where", ""))
            for row in self.document["assessment"]["checks"]
            for one in row["findings"]
            if one["state"] == "failed"
        }


def assess(there: Installation, *arguments: str | Path) -> Run:
    file = there.home / "assessment.json"
    file.unlink(missing_ok=True)
    done = there.run("assess", "--json", file, *NOT_HERE, *arguments, check=False)
    assert file.exists(), done.stdout + done.stderr
    return Run(done.returncode, done.stdout, file)


@pytest.fixture(scope="module")
def there(make_installation: Callable[..., Installation]) -> Installation:
    """An installation as it goes to a public server, with a backup."""
    made = make_installation(company="comintech", TROTH_SECURE="true")
    made.run("backup", made.home / "first.backup")
    return made


def test_what_holds_passes_and_is_verified_by_an_outsider(
    there: Installation, tmp_path: Path, page: Page
) -> None:
    report = tmp_path / "report.html"
    run = assess(there, "--pages", "3", "--html", report)
    assert (run.status, run.failed()) == (0, set()), run.said
    seen = run.document["assessment"]["seen"]
    assert [one["path"] for one in seen["pages"]][:2] == ["/", "/policy"]
    assert 1 < seen["grade"] < 20
    key = there.run("ledger", "key").stdout.strip()

    # The outsider has the file and the key, and no installation.
    outside = Installation(tmp_path / "nothing")
    held = outside.run("assess", "verify", run.file, "--key", key).stdout
    assert "The signature holds" in held
    assert "of the ledger" in held
    changed = tmp_path / "changed.json"
    words = run.file.read_text("utf-8")
    changed.write_text(words.replace('"failed": 0', '"failed": 1'), "utf-8")
    assert changed.read_text("utf-8") != words
    refused = outside.run("assess", "verify", changed, "--key", key, check=False)
    assert refused.returncode == 1
    assert "does not hold" in refused.stderr

    page.set_content(report.read_text("utf-8"))
    assert "It holds." in page.locator("header").inner_text()
    assert not for_everybody(page)


def test_a_site_that_does_more_than_its_policy_says(there: Installation) -> None:
    with stub() as url:
        run = assess(there, "--url", url)
    assert run.status == 1
    assert run.failed() == {
        ("comprehensive.cookies", "/offer"),
        ("comprehensive.elements", "/offer"),
        ("comprehensive.requests", "/"),
        ("comprehensive.typed", "/offer"),
        ("displayed.link", "/offer"),
        ("displayed.accessible", "/offer"),
    }, run.said
    for named in ("_follows", "date_of_birth", "shoe_size", ELSEWHERE, "image-alt"):
        assert named in run.said
    assert "user.contact.email" not in run.said  # a clause collects that


def test_what_is_broken_inside_is_found_and_nothing_else(
    make_installation: Callable[..., Installation],
) -> None:
    own = make_installation(company="comintech", TROTH_SECURE="true")
    source = (POLICIES / "comintech.toml").read_text("utf-8")
    changed = source.replace('"user.authorization.password"', '"user.account.username"')
    changed = changed.replace("user.authorization.credentials", "user.account.settings")
    changed = changed.replace("\nexpires = 2028", "\nexpires = 2016", 1)
    changed = changed.replace('version = "2015-01-01"', 'version = "next"')
    assert changed.count("\nexpires = 2016") == 1
    (own.home / "next.toml").write_text(changed, "utf-8")
    own.run("publish", own.home / "next.toml")
    with closing(sqlite3.connect(own.home / "main.sqlite3")) as database, database:
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entry'"
        ).fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute(
            "UPDATE ledger_entry SET body = CAST(replace(body, 'notices', 'noticed') AS BLOB) "
            "WHERE position = 0"
        )
    run = assess(own, "--without", "crawl", "--without", "implemented.backup")
    assert run.status == 1
    assert {key for key, _ in run.failed()} == {
        "accurate.fields",
        "implemented.ledger",
        "implemented.safeguards",
    }, run.said
    assert ("accurate.fields", "accounts.SecondFactor.secret") in run.failed()
    key = own.run("ledger", "key").stdout.strip()
    assert "did not pass" in own.run("assess", "verify", run.file, "--key", key).stdout
