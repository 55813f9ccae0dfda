"""Double opt-in (Comintech's newsletter): before the yes from the address, nobody is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.conftest import Company, company, made, server  # noqa: F401 - fixtures
from support.mail import Mailbox
from support.seeded import Seed, assert_nowhere
from troth.channels.forms.asking import ask
from troth.channels.forms.models import SignUp, Submission
from troth.channels.forms.signing_up import LIFE, address, forget_expired
from troth.core import clock
from troth.core.actors import Actor
from troth.core.choices import suppression
from troth.core.choices.models import Choice
from troth.core.gate import uses
from troth.core.gate.audiences import audience
from troth.core.gate.children import report_child
from troth.core.gate.collecting import collect
from troth.core.gate.deposits import deposit
from troth.core.keyring.models import Key
from troth.core.notices.publish import publish
from troth.core.people.models import Element, Person
from troth.core.people.records import Given
from troth.kit.mail import transport

pytestmark = pytest.mark.parametrize("company", ["comintech"], indirect=True)
EMAIL = "user.contact.email"
FORM = "/forms/newsletter"
SOURCE = Path(__file__).resolve().parents[2] / "policies" / "comintech.toml"


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
    assert found
    return found[1]


def send(browser: Client, seed: Seed, **ticks: str) -> Any:
    sent = {"nonce": nonce(browser), "email": seed.email, "name": seed.name}
    return browser.post(FORM, sent | (ticks or {"yes-newsletter": "on"}))


def link(mail: Mailbox, seed: Seed) -> str:
    """The link in the mail that asks."""
    ask(SignUp.objects.latest("asked_at").pk)
    [received] = [one for one in mail.received if seed.email in one.recipients]
    text = received.message.get_body(("plain",)).get_content()
    found = re.search(r"https?://[^/\s]+(/forms/sign-up/\S+?)[)>\s]", text + " ")
    assert found, text
    return found[1]


def may_mail(purpose: str) -> int:
    return audience(purpose=purpose, data=[EMAIL]).count()


def test_before_the_yes_nobody_is_known(company: Company, mail: Mailbox) -> None:  # noqa: F811
    browser, seed = Client(), Seed.new()
    answer = send(browser, seed)
    assert (answer.status_code, answer["Location"]) == (303, "/forms/asked")
    page = Client().get("/forms/asked").content.decode()
    assert f"{LIFE.days} days" in page
    assert not Person.objects.exists()
    assert not Element.objects.exists()
    assert_nowhere([seed.email, seed.name], company.folder)
    path = link(mail, seed)
    page = browser.get(path)
    assert b"Our newsletter" in page.content
    assert not Person.objects.exists(), "a scanner that follows the link says no yes"
    done = browser.post(path, {"version": re.search(r'value="([^"]+)"', page.content.decode())[1]})
    assert b"It counts from now on" in done.content
    assert may_mail("newsletter") == 1
    assert may_mail("offers") == 0, "only what was ticked"
    choice = Choice.objects.get()
    assert (choice.decision, choice.way) == ("given", "forms.newsletter")
    assert choice.wording == "Yes: Our newsletter"
    assert not SignUp.objects.exists()
    assert browser.get(path).status_code == 404, "a link confirms once"
    assert Element.objects.get(category=EMAIL).verified_at is not None


def test_a_sign_up_that_nobody_confirms_goes_with_its_key(company: Company) -> None:  # noqa: F811
    send(Client(), Seed.new())
    pending = SignUp.objects.get()
    assert Key.objects.filter(owner=pending.pk).count() == 1
    assert forget_expired() == 0
    with clock.at(clock.now() + LIFE + timedelta(seconds=1)):
        assert forget_expired() == 1
    assert not SignUp.objects.exists()
    assert not Key.objects.filter(owner=pending.pk).exists()
    assert not Submission.objects.exists()


def test_without_a_tick_nothing_is_kept_and_nothing_lost(company: Company) -> None:  # noqa: F811
    browser, seed = Client(), Seed.new()
    answer = send(browser, seed, **{"yes-offers": ""})
    assert answer.status_code == 422
    assert b"Tick what you would like to get" in answer.content
    assert seed.email in answer.content.decode(), "what was typed stays in the form"
    assert not SignUp.objects.exists()


def test_the_same_sending_twice_asks_once(company: Company) -> None:  # noqa: F811
    browser, seed = Client(), Seed.new()
    sent = {"nonce": nonce(browser), "email": seed.email, "yes-newsletter": "on"}
    assert [browser.post(FORM, sent).status_code for _ in range(3)] == [303] * 3
    assert SignUp.objects.count() == 1


@pytest.mark.usefixtures("one_window")
def test_one_address_is_not_flooded(company: Company) -> None:  # noqa: F811
    seed = Seed.new()
    answers = [send(Client(), seed).status_code for _ in range(5)]
    assert answers == [303, 303, 303, 429, 429]


def test_a_policy_that_changed_in_between_is_shown_first(
    company: Company,  # noqa: F811
    mail: Mailbox,
) -> None:
    browser, seed = Client(), Seed.new()
    send(browser, seed)
    path = link(mail, seed)
    version = re.search(r'value="([^"]+)"', browser.get(path).content.decode())[1]
    newer = re.sub(r'(?m)^version = ".*?"', 'version = "next"', SOURCE.read_text("utf-8"), count=1)
    publish(newer, actor=Actor.system("cli"))
    answer = browser.post(path, {"version": version})
    assert answer.status_code == 409
    assert b"policy changed meanwhile" in answer.content
    assert not Person.objects.exists()
    assert browser.post(path, {"version": "next"}).status_code == 200
    assert may_mail("newsletter") == 1


def test_a_confirmed_yes_lifts_what_kept_the_address_out(
    company: Company,  # noqa: F811
    mail: Mailbox,
) -> None:
    browser, seed = Client(), Seed.new()
    with uses.search(actor=Actor.system("cli"), purpose="support", category=EMAIL):
        suppression.suppress(EMAIL, seed.email, purpose="newsletter", reason="refused")
        suppression.suppress(EMAIL, seed.email, reason="erased")
    send(browser, seed)
    path = link(mail, seed)
    version = re.search(r'value="([^"]+)"', browser.get(path).content.decode())[1]
    browser.post(path, {"version": version})
    assert may_mail("newsletter") == 1


@pytest.mark.parametrize("token", ["x", "x~y~z", "a" * 400])
def test_a_forged_link_tells_nothing(company: Company, token: str) -> None:  # noqa: F811
    assert Client().get(f"/forms/sign-up/{token}").status_code == 404


def test_what_waits_of_a_reported_child_goes_too(company: Company) -> None:  # noqa: F811
    child, other = Seed.new(), Seed.new()
    given = [Given("name", "user.name", child.name), Given("email", EMAIL, child.email)]
    data = [item.category for item in given]
    with collect(actor=Actor.visitor(), touchpoint="forms.contact", data=data) as point:
        person = point.person(given)
        point.hold(person, given)
    for seed in (child, other):
        send(Client(), seed)
    report_child(person, actor=Actor.system("cli"), ground="parent")
    [left] = SignUp.objects.values_list("pk", flat=True)
    assert list(Key.objects.filter(kind="person").values_list("owner", flat=True)) == [left]
    with deposit(row=left, actor=Actor.system("worker"), touchpoint="forms.newsletter"):
        assert address(SignUp.objects.get()) == other.email
