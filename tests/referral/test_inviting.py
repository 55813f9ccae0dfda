"""Referral over HTTP and SMTP (Comm100): one invitation, and nothing of the friend is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from accounts.conftest import (  # noqa: F401 - fixtures
    Company,
    ada,
    company,
    made,
    new_account,
    post,
    server,
)
from accounts.customers import Customer, words
from support.mail import Mailbox
from support.seeded import Seed, assert_nowhere
from troth.channels.referral.actions import LIFE, forget_expired
from troth.channels.referral.models import Invited, Referral
from troth.channels.referral.sending import send
from troth.core import clock
from troth.core.actors import Actor
from troth.core.choices import suppression
from troth.core.choices.deciding import choose, refuse_solicitation
from troth.core.choices.models import Suppression
from troth.core.gate import uses
from troth.core.gate.collecting import collect
from troth.core.keyring.models import Key
from troth.core.ledger.models import Entry, Pending
from troth.core.notices.publish import publish
from troth.core.people.models import Element, Person
from troth.core.people.records import Given
from troth.kit.mail import transport

FORM = "/referral"
EMAIL = "user.contact.email"
SOURCE = Path(__file__).resolve().parents[2] / "policies" / "comm100.toml"
SYSTEM = Actor.system("cli")


@pytest.fixture
def mail(company: Company, smtp: Mailbox, settings: Any) -> Iterator[Mailbox]:  # noqa: F811
    settings.EMAIL_PORT = smtp.port
    transport.cache_clear()
    yield smtp
    transport().close()
    transport.cache_clear()


def nonce(browser: Client) -> str:
    page = browser.get(FORM).content.decode()
    found = re.search(r'name="nonce"[^>]*value="([^"]+)"', page)
    assert found, page
    return found[1]


def recommend(seed: Seed, browser: Client | None = None, **changes: str) -> Any:
    browser = browser or Client()
    sent = {"nonce": nonce(browser), "friend-name": "Bea Reed", "friend-email": seed.email}
    return browser.post(FORM, sent | changes)


def deliver() -> None:
    for pk in Referral.objects.values_list("pk", flat=True):
        send(pk)


def texts(mail: Mailbox, seed: Seed) -> list[str]:
    """What arrived at the friend's address."""
    return [
        one.message.get_body(("plain",)).get_content()
        for one in mail.received
        if seed.email in one.recipients
    ]


def recorded(act: str) -> list[bytes]:
    entries = [bytes(body) for body in Pending.objects.values_list("body", flat=True)]
    entries += [bytes(body) for body in Entry.objects.values_list("body", flat=True)]
    return [body for body in entries if f'"act":"{act}"'.encode() in body]


def same(answer: Any) -> None:
    """What everybody gets, whatever becomes of it."""
    assert (answer.status_code, answer["Location"]) == (303, "/referral/sent")


def test_the_form_has_its_notice_for_visitors_and_customers(ada: Customer) -> None:  # noqa: F811
    for browser in (Client(), ada.browser):
        page = browser.get(FORM)
        text = words(page).replace("\u202f", " ")
        assert "Recommend us to a friend" in text
        assert "§ 5.5" in text
        assert "Sending one invitation to your friend" in text
        assert "0 days after delivery" in text
        assert "checked" not in page.content.decode()
        same(recommend(Seed.new(), browser))
        assert f"{LIFE.days} days" in words(browser.get("/referral/sent"))
    assert Referral.objects.count() == 2
    assert 'href="/referral"' in Client().get("/").content.decode()


@pytest.mark.parametrize("company", ["comintech", "com1"], indirect=True)
def test_a_company_without_the_clause_has_no_such_form(company: Company) -> None:  # noqa: F811
    assert Client().get(FORM).status_code == 404
    assert Client().post(FORM, {"friend-email": "bea@reed.example"}).status_code == 404


def test_one_mail_leaves_and_nothing_of_the_friend_stays(
    company: Company,  # noqa: F811
    mail: Mailbox,
    caplog: pytest.LogCaptureFixture,
) -> None:
    seed = Seed.new()
    same(recommend(seed, **{"friend-name": seed.name}))
    row = Referral.objects.get()
    kept = bytes(Key.objects.get(owner=row.pk).wrapped)
    assert_nowhere([seed.email, seed.name], company.folder)
    deliver()
    [text] = texts(mail, seed)
    assert "Comm100" in text
    assert "Somebody who has your address" in text
    assert not Referral.objects.exists()
    assert not Key.objects.filter(owner=row.pk).exists()
    assert not Person.objects.exists()
    assert not Element.objects.exists()
    assert Invited.objects.count() == 1
    assert_nowhere([seed.email, seed.name], company.folder)
    for path in company.folder.rglob("*"):
        assert not path.is_file() or kept not in path.read_bytes(), f"the key is still in {path}"
    assert seed.email not in caplog.text
    for act in ("referral.asked", "referral.ended"):
        [entry] = recorded(act)
        assert b"subject" not in entry or b'"subject":null' in entry


@pytest.mark.parametrize(
    "again",
    [lambda email: email, str.upper, lambda email: email.replace("@", "+second@")],
    ids=["same", "upper", "tagged"],
)
def test_a_second_invitation_is_not_sent(mail: Mailbox, again: Callable[[str], str]) -> None:
    seed = Seed.new()
    same(recommend(seed))
    same(recommend(seed, **{"friend-email": again(seed.email)}))
    deliver()
    same(recommend(seed, **{"friend-email": again(seed.email)}))
    deliver()
    assert len(mail.received) == 1
    assert len(recorded("referral.withheld")) == 2


def _knows(seed: Seed) -> Person:
    given = [Given("name", "user.name", seed.name), Given("email", EMAIL, seed.email)]
    data = [item.category for item in given]
    with collect(actor=SYSTEM, touchpoint="forms.contact", data=data) as point:
        person = point.person(given)
        point.hold(person, given)
    return person


def _suppressed(seed: Seed) -> None:
    with uses.search(actor=SYSTEM, purpose="support", category=EMAIL):
        suppression.suppress(EMAIL, seed.email, reason="refused")


def _erased(seed: Seed) -> None:
    with uses.search(actor=SYSTEM, purpose="support", category=EMAIL):
        suppression.suppress(EMAIL, seed.email, reason="erased")


def _no_solicitation(seed: Seed) -> None:
    refuse_solicitation(_knows(seed), actor=SYSTEM, refused=True, way="preferences")


def _no_mail(seed: Seed) -> None:
    refuse_solicitation(_knows(seed), actor=SYSTEM, refused=True, way="preferences", manner="email")


def _no_news(seed: Seed) -> None:
    choose(_knows(seed), actor=SYSTEM, purpose="newsletter", yes=False, way="preferences")


NOES = [_suppressed, _erased, _no_solicitation, _no_mail, _no_news]


@pytest.mark.parametrize("no", NOES)
@pytest.mark.parametrize("late", [False, True], ids=["before", "meanwhile"])
def test_who_said_no_gets_none(mail: Mailbox, no: Callable[[Seed], None], *, late: bool) -> None:
    seed = Seed.new()
    if not late:
        no(seed)
    same(recommend(seed))
    if late:
        no(seed)
    deliver()
    assert not mail.received
    assert not Referral.objects.exists()


def test_a_customer_who_refused_nothing_gets_one(mail: Mailbox) -> None:
    seed = Seed.new()
    _knows(seed)
    same(recommend(seed))
    deliver()
    assert len(texts(mail, seed)) == 1
    assert Person.objects.count() == 1


def test_no_more_of_these(mail: Mailbox) -> None:
    seed, browser = Seed.new(), Client(enforce_csrf_checks=True)
    same(recommend(seed))
    deliver()
    [text] = texts(mail, seed)
    found = re.search(r"https?://[^/\s]+(/referral/no-more/[^\s)>]+)", text)
    assert found, text
    assert b"Nothing happens until" in browser.get(found[1]).content
    assert not Suppression.objects.exists(), "a scanner that follows the link changes nothing"
    for _ in range(2):
        assert b"Done: no more of these" in browser.post(found[1]).content
    assert Suppression.objects.count() == 1
    with uses.search(actor=SYSTEM, purpose="support", category=EMAIL):
        assert suppression.suppressed(EMAIL, seed.email)
    assert browser.post(found[1][:-2] + "xx").status_code == 404


class _Fussy(Mailbox):
    """Answers a recipient with a code."""

    code = "451 later"

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, to: str, ___: Any) -> str:  # noqa: N802
        if self.code.startswith("250"):
            envelope.rcpt_tos.append(to)
        return self.code


@pytest.fixture
def fussy(mail: Mailbox) -> _Fussy:
    mail.__class__ = _Fussy
    return mail  # type: ignore[return-value]


def test_a_server_that_says_later_is_asked_again(fussy: _Fussy) -> None:
    recommend(Seed.new())
    row = Referral.objects.get()
    again = send(row.pk)
    assert again is not None
    assert again > clock.now()
    assert Referral.objects.filter(pk=row.pk).exists()
    fussy.code = "250 fine"
    assert send(row.pk) is None
    assert len(fussy.received) == 1
    assert not Referral.objects.exists()


def test_a_server_that_says_no_ends_it(fussy: _Fussy) -> None:
    seed = Seed.new()
    fussy.code = "550 nobody"
    recommend(seed)
    deliver()
    assert not Referral.objects.exists()
    assert not Key.objects.filter(kind="person").exists()
    assert b'"ending":"refused"' in recorded("referral.ended")[0]


def test_after_three_days_it_is_forgotten(company: Company) -> None:  # noqa: F811
    recommend(Seed.new())
    row = Referral.objects.get()
    assert forget_expired() == 0
    with clock.at(clock.now() + LIFE + timedelta(seconds=1)):
        assert send(row.pk) is None
        assert forget_expired() == 1
    assert not Referral.objects.exists()
    assert not Key.objects.filter(owner=row.pk).exists()


def test_the_sender_is_named_only_where_the_clause_asks_for_a_name(mail: Mailbox) -> None:
    fields = 'required = ["friend-name", "friend-email"]\nfor = ["referral"]'
    source = SOURCE.read_text("utf-8")
    assert fields in source
    newer = source.replace(fields, fields.replace("\nfor", '\noptional = ["user.name"]\nfor'))
    publish(re.sub(r'(?m)^version = ".*?"', 'version = "next"', newer, count=1), actor=SYSTEM)
    one, other = Seed.new(), Seed.new()
    recommend(one, **{"user.name": "Ada Marsh"})
    recommend(other, **{"user.name": "Win now: www.pills.example"})
    deliver()
    assert "Ada Marsh thought" in texts(mail, one)[0]
    assert "pills" not in texts(mail, other)[0]


@pytest.mark.parametrize("name", ["Cheap pills: https://pills.example", "x" * 61, "a@b.example"])
def test_what_is_no_name_greets_nobody(mail: Mailbox, name: str) -> None:
    seed = Seed.new()
    recommend(seed, **{"friend-name": name})
    deliver()
    assert name not in texts(mail, seed)[0]


@pytest.mark.usefixtures("one_window")
def test_a_caller_is_slowed_down(company: Company) -> None:  # noqa: F811
    answers = [recommend(Seed.new()).status_code for _ in range(12)]
    assert answers == [303] * 10 + [429] * 2


@pytest.mark.parametrize("bad", ["nobody", "", "a@b", "a@x.example\r\nBcc: b@x.example"])
def test_a_bad_address_stays_in_the_form(company: Company, bad: str) -> None:  # noqa: F811
    answer = recommend(Seed.new(), **{"friend-email": bad})
    assert answer.status_code == 422
    assert not Referral.objects.exists()
    assert not Invited.objects.exists()


def test_without_the_mark_of_the_page_nothing_is_sent(company: Company) -> None:  # noqa: F811
    answer = recommend(Seed.new(), nonce="x")
    assert answer.status_code == 400
    assert not Invited.objects.exists()


def test_the_friend_is_in_no_table(company: Company) -> None:  # noqa: F811
    seed = Seed.new()
    recommend(seed, **{"friend-name": seed.name})
    for alias in ("default", "keyring"):
        with connections[alias].cursor() as cursor:
            for table in connections[alias].introspection.table_names():
                cursor.execute(f'SELECT * FROM "{table}"')
                for row in cursor.fetchall():
                    assert not [v for v in row if seed.email in str(v) or seed.name in str(v)]
