"""How requests come in: by form, link, account, mail and operator; over HTTP and SMTP."""

from __future__ import annotations

import re
import smtplib
import statistics
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from support.askers import PASSWORD, Company, Customer, Mails, link, visitor, words, work
from support.installations import free_port
from support.seeded import Seed, assert_nowhere
from troth.channels.rights.following import follow_up
from troth.core import clock
from troth.core.actors import Actor
from troth.core.notices.publish import publish
from troth.core.rights.api import read_content
from troth.core.rights.models import Request
from troth.kit import links
from troth.kit.inbound import spool
from troth.kit.inbound.server import Listening


def ask(kind: str, email: str, **more: Any) -> Any:
    return visitor().post(f"/rights/ask/{kind}", {"email": email, "words": "", **more})


def test_the_page_lists_the_rights_of_the_policy_with_clause_and_time(company: Company) -> None:
    text = words(visitor().get("/rights/"))
    assert "See my data" in text
    assert "within 10 business days" in text
    assert "§ 9.2" in text.replace("\u202f", " ")
    assert "Your rights" in words(visitor().get("/")), "the site's menu leads there"
    assert visitor().get("/rights/ask/nonsense").status_code == 404


def test_a_form_waits_for_the_link_and_then_runs_by_itself(
    company: Company, ada: Customer, mails: Mails
) -> None:
    answer = ask("access", ada.seed.email)
    assert answer.status_code == 302
    assert not answer.cookies
    assert company.newest.state == Request.State.UNPROVEN
    assert company.newest.due_at is None
    to, subject, text = mails.one()
    assert (to, "confirm" in subject) == (ada.seed.email, True)
    path = link(text, "confirm")
    assert "Was that you?" in words(visitor().get(path))
    assert company.newest.state == Request.State.UNPROVEN, "looking changes nothing"
    assert visitor().post(path).status_code == 302
    found = company.newest
    assert found.person == ada.person
    assert found.due_at is not None
    assert visitor().post(path).status_code == 404, "the link works once"
    received, done = mails.new()
    assert "You have our answer by" in received[2]
    assert company.newest.state == Request.State.DONE
    package = link(done[2], "package")
    assert "Download" in words(visitor().get(package))
    content = visitor().post(package)
    assert content["Content-Type"] == "application/zip"
    assert content.content[:2] == b"PK"
    assert visitor().post(package).status_code == 404, "the package opens once"
    own = visitor().get(link(received[2], "request"))
    assert "done" in words(own)
    assert ada.seed.name not in words(own)


def test_nobody_learns_whether_somebody_is_known(
    company: Company, ada: Customer, mails: Mails, settings: Any
) -> None:
    settings.SAME_TIME = 0.3
    stranger = Seed.new()
    answers, took = {}, {}
    for email in (ada.seed.email, stranger.email):
        times = []
        for _ in range(3):
            began = time.monotonic()
            answers[email] = ask("deletion", email)
            times.append(time.monotonic() - began)
        took[email] = statistics.median(times)
    one, other = answers.values()
    assert (one.status_code, one["Location"]) == (other.status_code, other["Location"])
    assert min(took.values()) >= 0.3
    assert abs(took[ada.seed.email] - took[stranger.email]) < 0.1
    texts = [subject for _, subject, _ in mails.new()]
    assert len(texts) == 6
    assert len(set(texts)) == 1, "the mail is the same too"


def test_a_stranger_who_proves_an_address_hears_that_it_is_done(
    company: Company, mails: Mails
) -> None:
    seed = Seed.new()
    ask("deletion", seed.email)
    visitor().post(link(mails.one()[2], "confirm"))
    received = mails.one()
    page = link(received[2], "request")
    assert "Nothing is held" in words(visitor().get(page))
    assert visitor().post(page, {"do": "go-on"}).status_code == 302
    work()
    assert company.newest.state == Request.State.DONE, [
        *company.newest.steps.values_list("name", "state", "fault"),
        company.newest.__dict__,
    ]
    assert "deleted" in mails.one()[1], company.newest.__dict__


def test_a_deletion_is_planned_then_approved_and_answered_from_its_own_content(
    company: Company, ada: Customer, mails: Mails
) -> None:
    ask("deletion", ada.seed.email, words="Everything, please.")
    visitor().post(link(mails.one()[2], "confirm"))
    page = link(mails.one()[2], "request")
    assert "What would happen" in words(visitor().get(page))
    assert company.newest.state == Request.State.OPEN
    visitor().post(page, {"do": "go-on"})
    to, subject, _ = mails.one()
    assert (to, subject) == (ada.seed.email, "Your data is deleted")
    found = company.newest
    assert found.state == Request.State.DONE
    assert found.answered_at is not None
    assert "done" in words(visitor().get(page))


def test_a_request_can_be_taken_back_before_it_runs(
    company: Company, ada: Customer, mails: Mails
) -> None:
    ask("deletion", ada.seed.email)
    visitor().post(link(mails.one()[2], "confirm"))
    page = link(mails.one()[2], "request")
    visitor().post(page, {"do": "withdraw"})
    assert company.newest.state == Request.State.WITHDRAWN
    assert visitor().post(page, {"do": "go-on"}).status_code == 400
    assert mails.new() == []


def test_what_nobody_confirms_is_forgotten(company: Company, mails: Mails) -> None:
    seed = Seed.new()
    ask("question", seed.email, words=seed.message)
    ask("access", seed.email, words=seed.message)
    assert_nowhere([seed.email, seed.message], company.folder)
    with clock.at(clock.now() + timedelta(days=15)):
        assert follow_up() == 1
    assert company.newest.outcome == "not-proved"


@pytest.mark.parametrize(("mistake", "said"), [
    ({"email": "nobody"}, "e-mail"), ({"homepage": "x"}, "Ask"),
])  # fmt: skip
def test_a_form_with_a_mistake_comes_back(
    company: Company, mistake: dict[str, str], said: str
) -> None:
    answer = ask("access", **{"email": "somebody@seeded.example", **mistake})
    assert answer.status_code == 422
    assert said in words(answer)
    assert not Request.objects.exists()


@pytest.mark.usefixtures("one_window")
def test_floods_of_one_address_end(company: Company) -> None:
    seed = Seed.new()
    codes = [ask("access", seed.email).status_code for _ in range(4)]
    assert codes == [302, 302, 302, 429]


def test_a_link_from_a_newsletter_stops_uses_and_shows_nothing(
    company: Company, ada: Customer, mails: Mails
) -> None:
    token = links.sign("preferences", ada.person.ref)
    page = f"/rights/link/{token}"
    assert page in visitor().get(f"/preferences/{token}").content.decode()
    text = words(visitor().get(page))
    assert "Object to a use" in text
    assert "fresh link" in text
    assert visitor().post(page, {"kind": "deletion"}).status_code == 404
    assert visitor().post(page, {"kind": "restriction"}).status_code == 302
    found = company.newest
    assert (found.way, found.proved) == ("link", "link")
    assert mails.new()[0][0] == ada.seed.email
    assert visitor().get("/rights/link/nonsense").status_code == 404


def test_in_the_account_being_logged_in_is_proof_and_deletion_asks_the_password(
    company: Company, ada: Customer, mails: Mails
) -> None:
    assert "You have asked for nothing yet" in words(ada.browser.get("/account/requests/"))
    assert "My requests" in words(ada.browser.get("/account/my-data/"))
    form = "/account/requests/new/deletion"
    assert "Your password" in words(ada.browser.get(form))
    wrong = ada.browser.post(form, {"words": "", "password": "wrong"})
    assert wrong.status_code == 422
    assert not Request.objects.exists()
    right = ada.browser.post(form, {"words": "", "password": PASSWORD})
    assert right.status_code == 302
    page = right["Location"]
    shown = words(ada.browser.get(page))
    assert "What would happen" in shown
    assert "Delete it now" in shown
    other = company.customers[1].browser
    assert other.get(page).status_code == 403
    assert other.post(page, {"do": "withdraw"}).status_code == 403
    assert visitor().get(page).status_code == 302
    ada.browser.post(page, {"do": "withdraw"})
    assert "taken back" in words(ada.browser.get("/account/requests/"))


def test_in_the_account_the_package_is_one_click_away(
    company: Company, ada: Customer, mails: Mails
) -> None:
    made = ada.browser.post("/account/requests/new/access", {"words": ""})
    mails.new()
    page = made["Location"]
    assert "Get my data" in words(ada.browser.get(page))
    ticket = ada.browser.post(page, {"do": "package"})["Location"]
    assert ada.browser.post(ticket).content[:2] == b"PK"


def test_a_correction_names_what_is_wrong_and_is_passed_on(
    company: Company, ada: Customer, mails: Mails
) -> None:
    form = "/account/requests/new/correction"
    assert ada.browser.post(form, {"words": "x"}).status_code == 422
    made = ada.browser.post(form, {"words": "", "element": "name", "value": "Ada Quill"})
    assert made.status_code == 302
    ada.browser.post(made["Location"], {"do": "go-on"})
    mails.new()
    assert company.newest.state == Request.State.DONE
    assert "Ada Quill" in words(ada.browser.get("/account/my-data/"))


class Sender:
    """Somebody's mail program."""

    def __init__(self, port: int) -> None:
        self.port = port

    def write(
        self,
        subject: str,
        sender: str,
        body: str = "Please.",
        to: str = "privacy@comm100.example",
        **headers: str,
    ) -> None:
        message = EmailMessage()
        message["From"], message["To"] = f"Somebody <{sender}>", to
        message["Subject"] = subject
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(body)
        with smtplib.SMTP("127.0.0.1", self.port) as server:
            server.send_message(message, sender, [to])


@pytest.fixture
def sender(company: Company, settings: Any) -> Any:
    settings.HOME = replace(settings.HOME, folder=company.folder)
    listening = Listening("127.0.0.1", free_port())
    listening._controller.start()  # what it keeps is dealt with below, in this thread
    yield Sender(listening.port)
    listening._controller.stop()


def deal() -> None:
    for path in spool.waiting():
        assert spool.deal(path, {})


def test_a_mail_opens_a_case_of_what_its_subject_says(
    company: Company, ada: Customer, mails: Mails, sender: Sender
) -> None:
    for subject, kind in (
        ("Please delete my data", "deletion"),
        ("Copy of my data", "access"),
        ("A complaint", "complaint"),
        ("Hello", "question"),
    ):
        sender.write(subject, ada.seed.email, ada.seed.message)
        deal()
        found = company.newest
        assert (found.kind, found.way) == (kind, "mail")
        to, _, text = mails.one()
        assert to == ada.seed.email
        assert ada.seed.message not in text, "no answer repeats what somebody wrote"
        if kind in ("deletion", "access"):
            assert found.state == Request.State.UNPROVEN
            visitor().post(link(text, "confirm"))
            mails.new()
            assert company.newest.person == ada.person
    staff = company.staff["owner"].get(f"/console/requests/{company.newest.ref}")
    assert ada.seed.message in words(staff)
    assert_nowhere([ada.seed.message], company.folder)


def test_mail_is_taken_at_the_contact_that_the_policy_names(
    company: Company, ada: Customer, mails: Mails, sender: Sender
) -> None:
    source = Path(__file__).resolve().parents[2] / "policies" / "comm100.toml"
    text = source.read_text("utf-8").replace("privacy@comm100", "data.protection@comm100")
    text = re.sub(r'^version = ".*"', 'version = "2026-11-20"', text, count=1, flags=re.MULTILINE)
    publish(text, actor=Actor.system("cli"))
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        sender.write("Hello", ada.seed.email)
    sender.write("Hello", ada.seed.email, to="Data.Protection@comm100.example")
    deal()
    assert company.newest.way == "mail"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        sender.write("Hello", ada.seed.email, to="data.protection@elsewhere.example")


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "auto-generated"},
     {"Precedence": "bulk"}, {"List_Id": "<list.example>"}],
)  # fmt: skip
def test_machines_are_not_answered(
    company: Company, mails: Mails, sender: Sender, headers: dict[str, str]
) -> None:
    sender.write("Out of office", "somebody@seeded.example", **headers)
    deal()
    assert mails.new() == []
    assert not Request.objects.exists()
    assert len(spool.aside()) == 1


def test_our_own_mail_starts_no_ping_pong(company: Company, mails: Mails, sender: Sender) -> None:
    sender.write("Hello", "privacy@comm100.example")
    deal()
    assert mails.new() == []


def test_an_operator_enters_a_letter_with_the_day_it_came(
    company: Company, ada: Customer, owner: Client, mails: Mails
) -> None:
    page = "/console/requests/new"
    assert "Enter a request" in words(owner.get(page))
    day = datetime.now(UTC).date() - timedelta(days=6)
    form = {
        "kind": "deletion", "way": "post", "received": day.isoformat(),
        "email": ada.seed.email, "how": "document", "words": "By letter.",
    }  # fmt: skip
    late = form | {"received": (day + timedelta(days=30)).isoformat()}
    assert owner.post(page, late).status_code == 422
    assert owner.post(page, form | {"how": "", "email": ""}).status_code == 422
    assert company.staff["auditor"].get(page).status_code == 403
    assert owner.post(page, form).status_code == 302
    found = company.newest
    assert (found.way, found.proved, found.person) == ("post", "document", ada.person)
    assert found.received_at.date() == day
    assert found.due_at is not None
    assert found.due_at.date() - day < timedelta(days=17), "counted from the day it came"
    assert read_content(found, actor=Actor.system("tests")).words == "By letter."
