"""What is kept ends by the schedule of the policy, and what law or a hold needs stays."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from proofs.asking import Asker, until, write_mail
from proofs.company import Company, submit
from proofs.conftest import Make
from support.installations import Installation

MESSAGES = "user.content.private"


def left(company: Company, person: str) -> set[str]:
    """The categories of what is still held about somebody."""
    return {
        category
        for (category,) in company.rows(
            "SELECT category FROM people_element AS e JOIN people_person AS p"
            " ON p.id = e.person_id WHERE p.ref = ?",
            person,
        )
    }


def tally(company: Company, category: str = MESSAGES) -> int:
    """How many values of a category are only counted any more."""
    [(count,)] = company.rows(
        "SELECT coalesce(sum(count), 0) FROM rights_tally WHERE category = ?", category
    )
    return int(count)


def newest(company: Company) -> str:
    """The opaque name of whoever came last."""
    [(ref,)] = company.rows("SELECT ref FROM people_person ORDER BY id DESC LIMIT 1")
    return str(ref)


def hold(company: Company, person: str) -> None:
    """The owner sets a hold on somebody's data."""
    desk = company.staff()
    page = desk.get("/console/retention/holds")
    day = (datetime.now(UTC) + timedelta(days=900)).date().isoformat()
    submit(desk, page, "ground", ground="claim", ends_on=day, person=person)
    assert person[:6] in desk.get("/console/retention/holds").words


@pytest.mark.clause("comindware-20", "comindware-21", "comindware-03")
def test_data_goes_at_its_end_unless_a_hold_keeps_it(make_company: Make) -> None:
    with make_company() as own:
        people = []
        for _ in range(2):
            Asker.known(own)
            people.append(newest(own))
        ada = Asker.new(own)
        write_mail(own, ada.seed.email, "support@comindware.example", "Licence", ada.seed.message)
        until(lambda: own.rows("SELECT id FROM conversations_conversation"), "the conversation")
        [(mailer,)] = own.rows(
            "SELECT p.ref FROM conversations_conversation AS c"
            " JOIN people_person AS p ON p.id = c.person_id"
        )
        gone, held = people
        hold(own, held)
        everybody = (gone, held, mailer)
        before = [left(own, one) for one in everybody]
        assert all({"user.name", "user.contact.email", MESSAGES} <= one for one in before)

        own.site.run("retention", "run", days_ahead=729)
        assert [left(own, one) for one in everybody] == before, "not a day before its end"
        assert own.rows("SELECT count(*) FROM conversations_message") == [(1,)]

        own.site.run("retention", "run", days_ahead=733)
        assert left(own, held) == before[1], "what is held stays, all of it"
        for one in (gone, mailer):
            assert not left(own, one) & {"user.name", "user.contact.email", MESSAGES}
        assert own.rows("SELECT count(*) FROM conversations_message") == [(0,)]
        # Names and addresses were erased, messages only counted; the count leads to nobody.
        assert tally(own, "user.name") == tally(own, "user.contact.email") == 0
        assert tally(own) >= 2
        rows = own.rows("SELECT * FROM rights_tally")
        columns = [name for _, name, *_ in own.rows("PRAGMA table_info(rights_tally)")]
        assert set(columns) == {
            *("id", "organisation_id", "touchpoint", "category", "month", "count"),
        }
        assert all("forms.contact" not in row for row in rows), "so few have no place of their own"

        own.site.run("retention", "run", days_ahead=1000)
        assert not left(own, held), "the hold had its end"


@pytest.mark.clause("comindware-30")
def test_a_count_stays_after_an_erasure_and_leads_to_nobody(company: Company) -> None:
    ada, bea = Asker.known(company), Asker.known(company)
    people = [one.person(one.ask("access")) for one in (ada, bea)]
    owners = "SELECT id, ref FROM people_person WHERE ref = ?"
    [names] = company.rows(owners, people[0])
    before = tally(company)
    page = ada.ask("deletion")
    ada.does(page, "go-on")
    ada.finish(page)
    assert company.rows(owners, people[0]) == []
    assert company.rows(owners, people[1]), "nobody else is gone"
    assert tally(company) == before + 1, "her message is counted, and only that"
    erased = [tally(company, one) for one in ("user.name", "user.contact.email")]
    assert erased == [
        0,
        0,
    ]
    rows = str(company.rows("SELECT * FROM rights_tally"))
    assert [one for one in names if one in rows] == [], "the count names nobody"


@pytest.mark.clause("comintech-45")
def test_a_backup_from_before_shows_nobody_who_was_erased_since(
    make_company: Make, tmp_path: Path
) -> None:
    backup = tmp_path / "kept.backup"
    with make_company() as own:
        gone, stays = Asker.known(own), Asker.known(own)
        people = [one.person(one.ask("access")) for one in (gone, stays)]
        ids = {ref: pk for pk, ref in own.rows("SELECT id, ref FROM people_person")}
        own.site.run("backup", backup)
        page = gone.ask("deletion")
        gone.does(page, "go-on")
        gone.finish(page)
        made = own.site
    noted = (made.home / "erasures.log").read_text("utf-8")
    assert noted.strip()
    for value in (*gone.seed.values(), people[0]):
        assert value not in noted, "what is noted of a deletion is about nobody"
    elsewhere = Installation(tmp_path / "elsewhere", made.company)
    elsewhere.home.mkdir()
    shutil.copyfile(made.home / "master.key", elsewhere.home / "master.key")
    refused = elsewhere.run("restore", backup, check=False)
    assert refused.returncode != 0, "without the list of who was erased since, nobody comes back"
    assert not (elsewhere.home / "main.sqlite3").exists()
    elsewhere.run("restore", backup, "--erasures", made.home / "erasures.log")
    with closing(sqlite3.connect(elsewhere.home / "main.sqlite3")) as database:
        found = database.execute("SELECT ref FROM people_person").fetchall()
    assert (people[0],) not in found
    assert (people[1],) in found
    with closing(sqlite3.connect(elsewhere.home / "keyring.sqlite3")) as database:
        owners = {one for (one,) in database.execute("SELECT owner FROM keyring_key")}
    assert ids[people[0]] not in owners, "and nothing of theirs that is left could be read"
    assert ids[people[1]] in owners
