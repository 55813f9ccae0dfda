"""The ledger in the console: entries in sentences, each proven; verified when asked."""

from __future__ import annotations

import csv
import io
import json

from django.db import connection

from console.cast import Company, words
from troth.core.ledger import receipts
from troth.core.ledger.api import sequence, verifier
from troth.core.ledger.models import Entry


def test_entries_are_told_in_sentences_with_their_clause(comm100: Company) -> None:
    comm100.agent.pick("support")
    comm100.agent.get(comm100.customers[0].url)
    text = comm100.auditor.reads("/console/ledger")
    assert f"Agent {comm100.agent.ref[:6]} read" in text
    assert "waits for its place" in text
    assert comm100.customers[0].seed.name not in text


def test_the_filter_narrows_and_pages(comm100: Company) -> None:
    comm100.owner.pick("support")
    for _ in range(3):
        comm100.owner.get(comm100.customers[0].url)
    sequence(comm100.organisation)
    one = comm100.auditor.reads("/console/ledger", act="notices.published")
    assert "published version" in one
    assert " read " not in one
    assert " read " in comm100.auditor.reads("/console/ledger", clause="§ 3.3")
    assert "No entry fits" in comm100.auditor.reads("/console/ledger", clause="99.9")
    assert "No entry fits" in comm100.auditor.reads("/console/ledger", until="2001-01-01")
    newest = Entry.objects.order_by("-position").values_list("position", flat=True)[0]
    older = comm100.auditor.reads("/console/ledger", before=str(newest))
    assert f"№ {newest}" not in older


def test_an_entry_is_proven_and_gives_its_receipt(comm100: Company) -> None:
    entry = Entry.objects.order_by("position")[0]
    text = comm100.auditor.reads(f"/console/ledger/{entry.pk}")
    assert "Its place is proven" in text
    answer = comm100.auditor.get(f"/console/ledger/{entry.pk}/receipt")
    assert "attachment" in answer["Content-Disposition"]
    key = verifier(comm100.organisation.pk)
    checked = receipts.check(json.loads(answer.content), key)
    assert checked.position == entry.position
    assert str(key) in words(comm100.auditor.get("/console/ledger"))


def test_verifying_says_that_it_holds_and_goes_on_the_ledger(comm100: Company) -> None:
    answer = comm100.auditor.post("/console/ledger/verify")
    assert "The ledger holds" in words(answer)
    assert "It held when last verified" in comm100.auditor.reads("/console/ledger")
    assert "holds" in comm100.owner.reads("/console/")
    assert comm100.auditor.get("/console/ledger/verify").status_code == 405


def test_verifying_says_that_it_does_not_hold(comm100: Company) -> None:
    with connection.cursor() as cursor:
        triggers = cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entry'"
        ).fetchall()
        for (name,) in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute(
            "UPDATE ledger_entry SET body = CAST(replace(body, 'notices', 'noticed') AS BLOB) "
            "WHERE position = 0 AND organisation_id = %s",
            [comm100.organisation.pk.hex],
        )
    text = words(comm100.auditor.post("/console/ledger/verify"))
    assert "The ledger does not hold" in text
    assert "Keep a copy" in text


def test_the_ledger_leaves_as_csv(comm100: Company) -> None:
    answer = comm100.auditor.get("/console/ledger/export", act="notices.published")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0] == "Position"
    assert {row[2] for row in rows[1:]} == {"notices.published"}


def test_odd_addresses_are_answered(comm100: Company) -> None:
    for query in (
        {"before": "-1"}, {"before": "9" * 30}, {"since": "yesterday"}, {"act": "' OR 1"},
        {"clause": "<script>"}, {"before": "٣"},
    ):  # fmt: skip
        assert comm100.auditor.get("/console/ledger", **query).status_code == 200
