"""A customer's mail is stored for as long as it takes to bring it where it belongs."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from proofs.asking import until, write_mail
from proofs.company import Company
from support.seeded import Seed


@contextmanager
def held_up(company: Company) -> Iterator[None]:
    """Nothing can be written to the database meanwhile, so no mail becomes a message."""
    path = company.site.home / "main.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as database:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            database.execute("ROLLBACK")


def queued(company: Company) -> list[Path]:
    return [path for path in (company.site.home / "inbound").rglob("*") if path.is_file()]


@pytest.mark.clause("com1-05")
def test_a_mail_is_kept_until_it_arrives_and_no_longer(company: Company) -> None:
    ada = Seed.new()
    page = company.reader().get("/policy").words
    assert "A message on its way: until it has arrived." in page
    until(lambda: not queued(company), "nothing else is on its way")
    with held_up(company):
        write_mail(company, ada.email, "support@com1.example", "My site", ada.message)
        [kept] = queued(company)  # it was taken, so it is there
        raw = kept.read_bytes()
        assert len(raw) > len(ada.message)
        assert ada.message.encode() not in raw
        assert ada.email.encode() not in raw
        assert not [one for one in company.post.received if ada.email in one.recipients]
    [told] = company.mails(ada.email, "[#", seconds=90)
    [number] = re.findall(r"\[#(\d+)\]", str(told.message["Subject"]))
    found = company.rows(
        "SELECT m.id FROM conversations_message m JOIN conversations_conversation c "
        "ON m.conversation_id = c.id WHERE c.number = ?",
        number,
    )
    assert found, "it has arrived"
    until(lambda: not queued(company), "what has arrived is on its way no longer")
    assert not company.rows("SELECT 1 FROM conversations_rawmail WHERE state = 'waiting'")
