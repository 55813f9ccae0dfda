"""Figures for analysis: groups of people, and nothing that leads to one of them."""

from __future__ import annotations

import csv
import io
import re

import pytest

from proofs.company import Company
from proofs.customers import look_up, pick, ref_of
from support.reader import Chooser, Page, Reader
from support.seeded import Seed

ANALYSIS = "/console/people/analysis"
BOUGHT = "user.behavior.purchase_history"
DEVICE = "user.device"
MANY = 10


def bring(company: Company, item: str, number: str = "") -> tuple[Seed, Reader]:
    seed, reader = Seed.new(), company.reader()
    company.send(
        *(reader, "drop-off"), name=seed.name, email=seed.email, phone=seed.phone, item=item,
        message=seed.message, serial_number=number,
    )  # fmt: skip
    return seed, reader


def figures(staff: Reader, *columns: str) -> Page:
    [token] = staff.get(ANALYSIS).inputs("csrfmiddlewaretoken")[:1]
    sent = [("csrfmiddlewaretoken", token), *(("column", one) for one in columns)]
    return staff.post(ANALYSIS, sent)


def count(company: Company, *words: str) -> int:
    rows = company.rows("SELECT CAST(body AS TEXT) FROM ledger_pending") + company.rows(
        "SELECT CAST(body AS TEXT) FROM ledger_entry"
    )
    return len([body for (body,) in rows if all(word in body for word in words)])


@pytest.mark.clause("comantra-12")
def test_an_export_for_analysis_tells_of_groups_and_of_nobody(company: Company) -> None:
    machine, rare = f"A laptop {Seed.new().company[-8:]}", f"Zither of {Seed.new().name}"
    came = [bring(company, machine, f"SN-{number}-quill") for number in range(MANY)]
    odd, _ = bring(company, rare)
    refuser, reader = bring(company, machine)
    path = company.link(refuser.email, "/preferences/")
    chooser = Chooser(company.site, Reader(company.site.url, headers=reader.headers), refuser, path)
    chooser.choose(chooser.open(), off=("research",))
    owner = company.staff("Owner")
    refs = [ref_of(look_up(owner, one.email, purpose="support")) for one in (odd, came[0][0])]
    # For a purpose that is none of analysis there is no such file.
    page = owner.get(ANALYSIS)
    assert not page.inputs("column")
    before = count(company, '"gate.denied"', '"not-analysis"')
    assert figures(owner, DEVICE).status == 403
    assert count(company, '"gate.denied"', '"not-analysis"') == before + 1
    page = pick(owner, owner.get(ANALYSIS), "research")
    offered = set(page.inputs("column"))
    assert {DEVICE} <= offered <= {DEVICE, BOUGHT}, "no column that names anybody is offered"
    for named in ("user.name", "user.contact.email", "user.device.device_id"):
        file = figures(owner, named)
        assert file.status == 403
        assert "text/csv" not in file.headers["Content-Type"]
    assert figures(owner, "user.content.private").status == 403
    used = count(company, '"gate.used_many"', '"purpose":"research"')
    file = figures(owner, DEVICE)
    assert "text/csv" in file.headers["Content-Type"], file.words
    assert count(company, '"gate.used_many"', '"purpose":"research"') == used + 1
    text = file.content.decode("utf-8-sig")
    head, *rows = list(csv.reader(io.StringIO(text)))
    assert head == ["People", "Where", "Month", "Device"]
    # Ten brought the same machine: that is a group. Who refused is not in it.
    [group] = [row for row in rows if machine.casefold() in row]
    assert group[:2] == [str(MANY), "Bring something in"]
    assert re.fullmatch(r"\d{4}-\d\d", group[2]), "no day, no hour"
    assert all(int(row[0]) >= MANY for row in rows)
    assert "zither" not in text.casefold(), "what one alone has is merged or left out"
    for seed in (odd, refuser, *(seed for seed, _ in came)):
        for value in (*seed.values(), seed.name.split()[-1]):
            assert value.casefold() not in text.casefold()
    assert not [ref for ref in refs if ref in text]
    assert "quill" not in text.casefold(), "no serial number"
    assert "@" not in text
