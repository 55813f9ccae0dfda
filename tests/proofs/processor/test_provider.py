"""What a company that runs the installation sees of its clients, and what it never does."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from hashlib import sha256

import pytest

from proofs.company import Company
from proofs.conftest import Hosting
from proofs.customers import Customer, look_up
from support.pages import submit
from support.reader import Page, Reader
from support.seeded import Seed

ACCEPT = "settings/provider/accept"


def acts(owner: Reader, act: str) -> list[str]:
    """The sentences of all entries of this act, as somebody reads them in the console."""
    page = owner.get(f"/console/ledger?act={act}")
    assert page.status == 200
    found: list[str] = re.findall(r"/console/ledger/[0-9a-f-]{36}", page.text)
    return found


def writes(company: Company) -> Seed:
    """Somebody writes to an organisation by its form."""
    seed = Seed.new()
    sent = company.send(
        company.reader(), "contact", name=seed.name, email=seed.email, message=seed.message
    )
    assert "Thank you" in sent.words
    return seed


def accept(owner: Reader) -> Page:
    return submit(owner, owner.get("/console/settings/provider"), to=ACCEPT, accept="on")


@pytest.mark.clause("comm100-53")
def test_an_attempt_of_the_host_s_staff_is_refused_and_on_both_ledgers(hosting: Hosting) -> None:
    host, client = hosting.host, hosting.client
    seed, owner = writes(client), client.staff()
    opened = look_up(owner, seed.email, purpose="support")
    assert seed.name in opened.words
    path = opened.url.removeprefix(client.address)
    nosy = host.staff()
    before = len(acts(owner, "clients.refused")), len(acts(nosy, "clients.tried"))
    nothing = nosy.get(f"/console/people/{'0' * 32}")
    assert nothing.status == 404
    assert (len(acts(owner, "clients.refused")), len(acts(nosy, "clients.tried"))) == before

    tried = nosy.get(path)
    assert tried.status == 403
    assert "This is a client's, and closed to you" in tried.words
    assert "10.2" in tried.words, "and the host's own clause says so"
    assert seed.name not in tried.text
    inbox = client.rows("SELECT ref FROM forms_submission ORDER BY sent_at DESC LIMIT 1")[0][0]
    assert nosy.get(f"/console/inbox/{inbox}").status == 403
    wanted = nosy.post(f"{path}/ended", [("csrfmiddlewaretoken", csrf(nosy))])
    assert wanted.status == 403

    after = len(acts(owner, "clients.refused")), len(acts(nosy, "clients.tried"))
    assert after == (before[0] + 3, before[1] + 3)
    entry = owner.get(acts(owner, "clients.refused")[0])
    assert "who works for the provider, tried to open a record, and was refused" in entry.words
    assert "The provider’s staff" in entry.words
    told = owner.get(f"{path}/history").words
    assert "tried to open a record, and was refused" in told, "the person's own history has it too"
    # Whoever is not on the host's staff learns nothing from it.
    person = nosy.get("/console/people").text
    theirs = re.findall(r"/console/people/([0-9a-f]{32})", person)
    if theirs:
        assert owner.get(f"/console/people/{theirs[0]}").status == 404
    customer = Customer.with_account(host)
    assert customer.reader.get(path).status == customer.reader.get(path[:-4] + "0000").status == 403
    assert len(acts(owner, "clients.refused")) == after[0]


def csrf(reader: Reader) -> str:
    return next(str(one.value) for one in reader.cookies if one.name == "troth_csrf")


@pytest.mark.clause("comintech-13")
def test_the_host_sees_counts_and_rows_only_under_a_grant(hosting: Hosting) -> None:
    host, client = hosting.host, hosting.client
    owner, nosy = client.staff(), host.staff()
    page = "/console/settings/clients/com1"
    before = everybody(nosy.get(page))
    seeds = [writes(client), writes(client)]
    counted = nosy.get(page)
    assert everybody(counted) == before + 2
    assert not [
        value for seed in seeds for value in (seed.name, seed.email) if value in counted.text
    ]
    assert len(acts(owner, "clients.counted")) >= 2, "each look is on the client's ledger"

    tried = len(acts(owner, "clients.refused"))
    refused = nosy.get(f"{page}/people")
    assert refused.status == 403
    assert "closed to you" in refused.words
    assert len(acts(owner, "clients.refused")) == tried + 1

    asked = {"purpose": "support", "ground": "client-request", "hours": "2"}
    provider = owner.get("/console/settings/provider")
    wrong = submit(owner, provider, to="provider/grants", **asked | {"ground": "curiosity"})
    assert wrong.status == 422
    assert nosy.get(f"{page}/people").status == 403
    given = submit(owner, provider, to="provider/grants", **asked)
    assert "The grant is given" in given.words
    uses = len(acts(owner, "gate.used_many"))
    rows = nosy.get(f"{page}/people")
    assert rows.status == 200
    assert all(seed.email in rows.text for seed in seeds)
    assert seeds[0].message not in rows.text
    assert len(acts(owner, "gate.used_many")) == uses + 1
    three_hours_pass(host)
    assert nosy.get(f"{page}/people").status == 403, "it ended by itself"

    submit(owner, owner.get("/console/settings/provider"), to="provider/grants", **asked)
    assert nosy.get(f"{page}/people").status == 200
    ended = submit(owner, owner.get("/console/settings/provider"), to="grants/end")
    assert "Nothing opens under it any more" in ended.words
    assert nosy.get(f"{page}/people").status == 403


def three_hours_pass(company: Company) -> None:
    """For what the grants of clients say of their time, as far as the database is concerned."""
    columns = ("given_at", "expires_at")
    moved = ", ".join(f"{one} = datetime({one}, '-3 hours')" for one in columns)
    with closing(sqlite3.connect(company.site.home / "main.sqlite3", timeout=20)) as database:
        database.execute(f"UPDATE clients_clientgrant SET {moved}")
        database.commit()


def everybody(page: Page) -> int:
    found = re.search(r"Everybody (\d+)", page.words)
    assert found, page.words
    return int(found[1])


@pytest.mark.clause("comintech-02")
def test_a_client_is_closed_until_it_accepted_a_contract(hosting: Hosting) -> None:
    host = hosting.host
    host.site.run("init", "--company", "comindware", "--host", "closed.localhost")
    client = host.beside("comindware", "closed.localhost")
    visitor = client.reader()
    before = client.rows("SELECT count(*) FROM accounts_source")
    for path in ("/", "/policy", "/forms/contact", "/account/register/", "/policy.toml"):
        page = visitor.get(path)
        assert (page.status, "not open yet" in page.words) == (503, True), path
    sent = visitor.post("/forms/contact/call", [("email", "a@b.example")])
    assert sent.status in {404, 503}
    assert host.reader().get("/policy").status == 200, "the host needs none"

    owner = client.new_staff("Owner")
    mistyped = submit(
        visitor, visitor.get("/account/login/"), "name", name="a@b.example", password="x"
    )
    assert mistyped.status == 422, "a wrong password is that, also before the log may be kept"
    assert client.rows("SELECT count(*) FROM accounts_source") == before
    home = owner.get("/console/")
    assert "Version 1 of the contract waits to be accepted" in home.words
    contract = owner.get("/console/settings/provider")
    assert "The provider tells nobody what it learns of the client" in contract.words
    [(text, digest)] = host.rows(
        "SELECT text, digest FROM clients_contract WHERE kind = 'client' AND number = 1"
    )
    assert sha256(text.encode()).hexdigest() == digest
    assert "Confidentiality" in text
    unread = submit(owner, contract, to=ACCEPT)
    assert "Tick the box" in unread.words
    assert visitor.get("/policy").status == 503
    assert "is accepted" in accept(owner).words
    assert visitor.get("/policy").status == 200
    writes(client)
    entry = owner.get(acts(owner, "clients.contract_accepted")[0])
    assert digest in entry.text

    # A version without the clause cannot be published; of another one clients are asked again.
    file = host.site.home / "contract.md"
    file.write_text("# Contract\n\n## Price\n\n" + "What it costs. " * 9, "utf-8")
    refused = host.site.run("contract", "publish", file, check=False)
    assert "no clause on confidentiality" in refused.stderr
    file.write_text(text.replace("nobody", "nobody at all"), "utf-8")
    host.site.run("contract", "publish", file)
    assert "Version 2 of the contract waits" in owner.get("/console/").words
    assert visitor.get("/policy").status == 200, "under the version that was accepted"
    assert "is accepted" in accept(owner).words
    assert "contract waits" not in owner.get("/console/").words


@pytest.mark.clause("comintech-23")
def test_a_reseller_sees_its_own_clients_once_it_accepted_the_terms(hosting: Hosting) -> None:
    host = hosting.host
    run = host.site.run
    run("init", "--company", "comm100", "--host", "reseller.localhost", "--reseller")
    run("init", "--company", "comantra", "--host", "c.localhost", "--provider", "comm100")
    run("contract", "accept", "--organisation", "comantra")
    reseller = host.beside("comm100", "reseller.localhost")
    client = host.beside("comantra", "c.localhost")
    seed = writes(client)
    owner = reseller.new_staff("Owner")
    for path in ("/console/settings/clients", "/console/settings/clients/comantra"):
        page = owner.get(path)
        assert page.status == 403
        assert "after it accepted the terms" in page.words
        assert "Comantra" not in page.words
    assert "keeps to the privacy policy" in owner.get("/console/settings/provider").words
    assert "is accepted" in accept(owner).words
    listed = owner.get("/console/settings/clients").words
    assert "Comantra" in listed
    assert "Com 1" not in listed, "which is the host's"
    counted = owner.get("/console/settings/clients/comantra")
    assert everybody(counted) >= 1
    assert seed.email not in counted.text
    assert owner.get("/console/settings/clients/comantra/people").status == 403
    assert owner.get("/console/settings/clients/com1").status == 404
    assert owner.get("/console/settings/clients/comindware").status == 404
    assert "Comantra" not in host.staff().get("/console/settings/clients").words
    # A client is no reseller, whoever works there.
    assert hosting.client.staff().get("/console/settings/clients").status == 403
