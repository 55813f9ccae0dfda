"""Services that recipients run: what is said to them, when, and what of their answers is used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from proofs.asking import until
from proofs.campaigns.campaigning import choose, sent, who_got
from proofs.company import Company, submit
from proofs.recipients.handing import PAGE, bind, prepare
from proofs.recipients.stand_ins import Service, service
from support.seeded import Seed, assert_nowhere

SECRET = "a secret of the stand-in"
CRM = """
recipient = "customer-records"
purpose = "fulfilment"
at = ["forms.demo"]
address = "{url}/crm"
header = "Authorization"
value = "Bearer {{secret}}"
timeout = 5

[put]
method = "PUT"
path = "/contacts/{{ref}}"
fields = {{ "user.name" = "name", "user.contact.email" = "email" }}

[list]
path = "/import"
"""
LIST = """
recipient = "mailing-house"
purpose = "newsletter"
address = "{url}/mail"

[put]
path = "/members/{{ref}}"
fields = {{ "user.contact.email" = "email" }}

[remove]
method = "DELETE"
path = "/members/{{ref}}"
"""
CHECK = """
recipient = "address-check"
purpose = "newsletter"
address = "{url}/check"

[check]
path = "/ask"
fields = {{ "user.contact.email" = "email" }}
answer = "/status"
bad = ["undeliverable"]
"""
SERVICES = {"crm": CRM, "mail-list": LIST, "checker": CHECK}


@contextmanager
def connected(company: Company) -> Iterator[Service]:
    """All three services described to the company, and one stand-in that plays them."""
    bind(company, "customer-records", "mailing-house", "address-check")
    secret = company.site.home / "crm.secret"
    secret.write_text(SECRET, "utf-8")
    with service() as found:
        for key, text in SERVICES.items():
            file = company.site.home / f"{key}.toml"
            file.write_text(text.format(url=found.url), "utf-8")
            more = ("--secret-from", f"file:{secret}") if key == "crm" else ()
            company.site.run("recipients", "connect", key, file, *more)
        try:
            yield found
        finally:
            for key in SERVICES:
                company.site.run("recipients", "disconnect", key)


def asks(company: Company, seed: Seed) -> None:
    page = company.send(
        *(company.reader(), "demo"), name=seed.name, email=seed.email, company=seed.company,
        wish=seed.message, phone=seed.phone,
    )  # fmt: skip
    assert page.status == 200, page.words


@pytest.mark.clause("comindware-13")
def test_providers_are_listed_and_spoken_to_by_their_own_services(company: Company) -> None:
    listed = " ".join(company.reader().get("/policy").words.split())
    for name, purpose in (
        ("Ledgerline Payments", "payment company"), ("Parley Chat", "carries our chats"),
        ("Rolodeck CRM", "list of people who asked"), ("Pigeonloft Mail", "news mails"),
        ("Realbox Check", "whether an e-mail address exists"),
    ):  # fmt: skip
        assert name in listed
        assert purpose in listed
    good, bad = Seed.new(), Seed.new()
    with connected(company) as there:
        there.answers[bad.email] = {"status": "undeliverable"}
        there.faults[:] = [503]  # not ready: it is said again, and counts once
        for seed in (good, bad):
            asks(company, seed)

        def all_said() -> bool:
            return all(len({one.path.split("/")[1] for one in there.about(s.email)}) == 3
                       for s in (good, bad))  # fmt: skip

        until(all_said, "each service heard of both")
        puts = [one for one in there.about(good.email) if one.path.startswith("/crm/")]
        assert {one.headers["Authorization"] for one in puts} == {f"Bearer {SECRET}"}
        assert puts[0].body == {"name": good.name, "email": good.email}, "not what they wrote"
        assert len({one.headers["Idempotency-Key"] for one in puts}) == 1
        [entry] = {one.path for one in there.about(good.email) if one.path.startswith("/mail/")}
        checks = [one for one in there.about(good.email) if one.path.startswith("/check/")]
        assert checks[0].body == {"email": good.email}, "the bare address"

        def noted() -> bool:
            return bool(company.rows("SELECT 1 FROM campaigns_undeliverable"))

        until(noted, "its answer is kept")
        sent(company, "newsletter", [good])
        assert who_got(company, [good, bad]) == [True, False], "the answer is used"
        choose(company, good, off=["newsletter"])
        until(
            lambda: [one for one in there.at(entry) if one.method == "DELETE"],
            "who says no comes off the list",
        )
        [off] = [one for one in there.at(entry) if one.method == "DELETE"]
        assert off.body is None, "by a reference alone"
        staff = company.staff("Owner")
        asked = prepare(staff, "customer-records", "fulfilment", ["user.name", "user.job_title"])
        submit(staff, asked, to="/send")
        [posted] = until(lambda: there.at("/crm/import"), "the list was sent")
        assert good.name in [row["user.name"] for row in posted.body["people"]]
        assert posted.body["purpose"] == "fulfilment"
        page = staff.get(f"{PAGE}customer-records").words
        assert "crm" in page
        # What a service is told of goes by ids through the queue, and nothing stays in clear.
        secret = company.site.home / "crm.secret"
        secret.unlink()  # it is the operator's own file
        assert_nowhere([good.email, bad.email, SECRET], company.site.home)
