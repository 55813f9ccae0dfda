"""What is one organisation's is refused to every other on the same installation, at every address.

The addresses are found as somebody at a browser finds them: by following all links and forms of the
console and of an account.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

import pytest

from proofs.asking import Asker
from proofs.casework import day
from proofs.company import Company
from proofs.conftest import Hosting
from proofs.customers import Customer, look_up
from support.pages import forms, submit
from support.reader import Reader
from support.seeded import Seed

LINK = re.compile(r'(?:href|src|action|hx-get|hx-post|formaction)="([^"#]+)')
NAMING = re.compile(r"/([0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9_-]{16,})(?=[/?.]|$)")
"""A row of some table, as addresses name it."""
OURS = ("/console/", "/account/", "/rights/", "/preferences/", "/campaigns/", "/forms/")
NOT_FOLLOWED = ("/logout", "/policy/", "/export", "/static/", "/ledger/verify")
ENOUGH = 30
KINDS = {
    *("/account/my-data/receipts/*.json", "/console/inbox/*", "/console/ledger/*"),
    *("/console/ledger/*/receipt", "/console/people/*", "/console/people/*/why"),
    *("/console/people/*/merge", "/console/requests/*", "/console/requests/*/do"),
    *("/console/settings/roles/*", "/console/settings/staff/*"),
    *("/console/surveys/*", "/console/campaigns/*", "/console/cases/*"),
}
"""Kinds of addresses that have to be among those found, or the search was too short."""


def followed(reader: Reader, start: Iterable[str], *, most: int = 160) -> dict[str, str]:
    """All addresses that pages lead to, with the text of those that were opened."""
    waiting, found, forms = list(start), {}, set()
    kinds: dict[str, int] = {}
    while waiting and len(found) < most:
        path = waiting.pop(0)
        kind = NAMING.sub("/*", urlsplit(path).path)
        if path in found or kinds.get(kind, 0) >= 3:  # of many rows of one kind a few are enough
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        page = reader.get(path)
        if urlsplit(page.url).path.startswith("/account/login"):
            continue
        found[path] = page.text if page.status == 200 else ""
        for link in LINK.findall(found[path]):
            to = urlsplit(urljoin(path, html.unescape(link)))
            if to.netloc or not to.path.startswith(OURS) or any(n in to.path for n in NOT_FOLLOWED):
                continue
            address = f"{to.path}?{to.query}" if to.query else to.path
            if f'action="{link}' in found[path] and NAMING.search(to.path):
                forms.add(to.path)
            elif address not in found:
                waiting.append(address)
    return found | dict.fromkeys(forms, "")


def drafts(owner: Reader) -> None:
    """A survey, a letter and a case, so that there are addresses of each."""
    page = owner.get("/console/surveys/new/survey")
    submit(owner, page, "title", title="How is our service?")
    page = owner.get("/console/campaigns/new")
    letter = {"name": "Draft", "subject": "The new pier", "body": "It is open."}
    submit(owner, page, "purpose", **letter, purpose="newsletter", do="save")
    page = owner.get("/console/cases/new/7.7")
    boxes = [value for one in forms(page) for name, value in one.boxes if name == "categories"]
    [ground, *_] = [v for one in forms(page) for name, v in one.boxes if name == "ground"]
    written = {"authority": "A court", "judgement": "Checked.", "ends": day(30)}
    submit(owner, page, "ends", **written, ground=ground, categories=boxes)


def token(reader: Reader) -> tuple[str, str]:
    """The mark that a form of this reader's own site would carry."""
    value = next(str(one.value) for one in reader.cookies if one.name == "troth_csrf")
    return "csrfmiddlewaretoken", value


def rows_of(company: Company, slug: str) -> dict[str, int]:
    """How many rows an organisation has in each table, and what they add up to."""
    tables = [
        name
        for (name,) in company.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        if any(c[1] == "organisation_id" for c in company.rows(f"PRAGMA table_info({name})"))
        and not name.startswith("ledger_")
    ]
    [(organisation,)] = company.rows(
        "SELECT id FROM organisations_organisation WHERE slug = ?", slug
    )
    return {
        name: company.rows(f"SELECT count(*) FROM {name} WHERE organisation_id = ?", organisation)[
            0
        ][0]
        for name in tables
    }


@pytest.mark.clause("comm100-64")
def test_no_address_of_one_organisation_opens_to_another(hosting: Hosting) -> None:
    mine, other = hosting.host, hosting.client
    customer = Customer.with_account(mine)
    asker = Asker.known(mine)
    asker.ask("deletion")
    seeds = [customer.seed, asker.seed]
    values = [value for seed in seeds for value in (seed.name, seed.email)]
    owner = mine.staff()
    drafts(owner)
    shown = look_up(owner, customer.seed.email, purpose="support")
    person = shown.url.removeprefix(owner.base)
    console = followed(owner, ["/console/", person])
    account = followed(customer.reader, ["/account/"])
    naming = {path for path in {*console, *account} if NAMING.search(urlsplit(path).path)}
    kinds = {NAMING.sub("/*", urlsplit(path).path) for path in naming}
    assert len(naming) >= ENOUGH, sorted(naming)
    assert kinds >= KINDS
    assert customer.seed.name in shown.words
    assert any(customer.seed.name in text for text in account.values())

    intruders = [other.staff(), other.reader()]
    member = Customer.with_account(other)
    intruders.append(member.reader)
    before = rows_of(mine, "comm100")
    for reader in intruders:
        for path in sorted(naming):
            answer = reader.get(path)
            asked_to_log_in = "/account/login/" in answer.url
            refused = answer.status in {400, 403, 404, 405, 409} or asked_to_log_in
            assert refused, f"{path} answered {answer.status}"
            assert not [value for value in values if value in answer.text], path
    for reader in (intruders[0], member.reader):
        for path in sorted(naming):
            answer = reader.post(urlsplit(path).path, [token(reader), ("confirmed", "on")])
            refused = answer.status in {400, 403, 404, 405, 409}
            assert refused, f"a form sent to {path} answered {answer.status}"
    for path in sorted({*console, *account} - naming):
        for reader in (intruders[0], member.reader):
            assert not [value for value in values if value in reader.get(path).text], path
    after = rows_of(mine, "comm100")
    assert after == before, "and nothing of it was changed"


@pytest.mark.clause("comm100-64")
def test_a_log_in_of_one_organisation_is_none_at_another(hosting: Hosting) -> None:
    seed = Seed.new()
    mine, other = hosting.host, hosting.client
    mine.send(mine.reader(), "contact", name=seed.name, email=seed.email, message=seed.message)
    page = look_up(mine.staff(), seed.email, purpose="support")
    assert seed.name in page.words
    path = page.url.removeprefix(mine.staff().base)
    kept = "; ".join(f"{one.name}={one.value}" for one in other.staff().cookies)
    carried = Reader(mine.reader().base, headers={"Cookie": kept, "X-Forwarded-For": "198.18.7.7"})
    assert "/account/login/" in carried.get(path).url
    assert other.staff().get(path).status == 404
    assert "Nobody found" in look_up(other.staff(), seed.email, purpose="support").words
    customers = Customer.with_account(mine)
    somebody = Reader(other.address, headers={"X-Forwarded-For": "198.18.7.8"})
    customers.log_in(somebody)
    assert "/account/login/" in somebody.get("/account/").url, "nor does the password fit there"
