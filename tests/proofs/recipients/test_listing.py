"""A list for a recipient: for one purpose, with the columns its clause gives, and on the ledger."""

from __future__ import annotations

import json
import re

import pytest

from proofs.company import Company
from proofs.recipients.handing import PAGE, download, prepare
from support.seeded import Seed

NAME, EMAIL, PHONE = "user.name", "user.contact.email", "user.contact.phone_number"
CONTENT = "user.content.private"


def entries(company: Company, act: str) -> list[dict[str, object]]:
    """What the ledger has of an act, the newest last."""
    company.site.run("ledger", "verify", check=False)
    rows = company.rows("SELECT body FROM ledger_entry ORDER BY position")
    rows += company.rows("SELECT body FROM ledger_pending ORDER BY id")
    return [one for (raw,) in rows if (one := json.loads(raw))["act"] == act]


@pytest.mark.clause("comantra-15")
def test_each_provider_gets_the_fields_of_its_purpose_and_the_rest_is_stripped(
    company: Company,
) -> None:
    seed, staff = Seed.new(), company.staff("Owner")
    sent = company.send(
        *(company.reader(), "drop-off"), name=seed.name, email=seed.email, item="A lathe",
        message=seed.message, phone=seed.phone, address="4 Lathe Yard",
    )  # fmt: skip
    assert sent.status == 200, sent.words
    held = [NAME, EMAIL, PHONE, "user.contact.address", CONTENT]
    kinds = {
        "mailing-house": ("offers", {NAME, EMAIL}),
        "letter-shop": ("offers", {NAME, "user.contact.address"}),
        "workshop": ("fulfilment", {NAME, PHONE, CONTENT}),
        "research-house": ("surveys", {EMAIL, CONTENT}),
        "data-store": ("fulfilment", set(held)),
    }
    listed = staff.get("/console/recipients/")
    values = {
        NAME: seed.name, EMAIL: seed.email, PHONE: seed.phone,
        "user.contact.address": "4 Lathe Yard", CONTENT: seed.message,
    }  # fmt: skip
    for to, (purpose, fields) in kinds.items():
        page = prepare(staff, to, purpose, held)
        rows = [row for row in download(staff, page) if set(row.values()) & set(values.values())]
        cells = [one for row in rows for one in row.values()]
        got = " ".join([*cells, *(re.sub(r"[ -]", "", one) for one in cells)])
        assert {key for key, value in values.items() if value in got} == fields, to
        note = staff.get(f"{page.url}/note.txt").text
        stripped = set(held) - fields
        assert ("Stripped from what was asked for" in page.words) == bool(stripped)
        for key in stripped:
            assert f"({key}): no clause gives it" in note
        ledger = entries(company, "recipients.stripped")
        found = [set(one["data"]) for one in ledger if one["to"] == to]  # type: ignore[call-overload]
        assert found == ([stripped] if stripped else [])
        assert f'href="{PAGE}{to}"' in listed.text
    refused = prepare(staff, "payments", "payment", [EMAIL])
    assert refused.status == 403
    assert "4.13" in refused.words or "no clause" in refused.words.lower()


@pytest.mark.clause("comm100-44")
def test_an_agents_list_is_for_its_purpose_alone_and_recorded(company: Company) -> None:
    asks, other = Seed.new(), Seed.new()
    staff = company.staff("Owner")
    company.send(
        *(company.reader(), "get-in-touch"), name=asks.name, email=asks.email,
        website=asks.website, phone=asks.phone, message=asks.message,
    )  # fmt: skip
    company.send(
        company.reader(), "contact", name=other.name, email=other.email, message=other.message
    )
    page = staff.get(f"{PAGE}contact-agent")
    assert 'value="interest"' in page.text
    assert 'value="newsletter"' not in page.text
    columns = [NAME, EMAIL, PHONE, CONTENT]
    rows = download(staff, made := prepare(staff, "contact-agent", "interest", columns))
    [mine] = [row for row in rows if asks.email in row.values()]
    assert {asks.name, asks.email} <= set(mine.values())
    assert asks.phone in {re.sub(r"[ -]", "", one) for one in mine.values()}
    assert asks.message not in str(rows)
    assert other.email not in str(rows)
    wrong = staff.post(
        f"{PAGE}contact-agent/list",
        [("csrfmiddlewaretoken", _token(page.text)), ("purpose", "newsletter"), ("column", EMAIL)],
    )
    assert wrong.status == 422, "for no other purpose"
    assert made.status == 200
    given = [one for one in entries(company, "gate.disclosed_many") if one["to"] == "contact-agent"]
    assert sum(int(str(one["count"])) for one in given) == len(rows)
    assert all(one["commitment"] and one["purpose"] == "interest" for one in given)
    assert made.url.rpartition("/")[2][:8] in staff.get(f"{PAGE}contact-agent").words


def _token(text: str) -> str:
    return text.split('name="csrfmiddlewaretoken" value="')[1].split('"', maxsplit=1)[0]
