"""A changed policy: the mail, the page that is shown once, what can be refused, and the record."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from accounts.conftest import Company, Post
from accounts.customers import Customer, words
from troth.channels.notices import announcing
from troth.core import clock
from troth.core.actors import Actor
from troth.core.gate.audiences import audience
from troth.core.gate.models import Told
from troth.core.gate.why import why
from troth.core.ledger.api import timeline
from troth.core.notices.publish import publish
from troth.core.people.models import Person

EMAIL = "user.contact.email"
SOURCE = (Path(__file__).resolve().parents[2] / "policies" / "comm100.toml").read_text("utf-8")
TRIALS = """[purposes.trials]
clause = "6.9"
use = "marketing.communications"
label = "Inviting you to trials"
basis = "opt-out"
channels = ["email"]
text = "We invite you to try what is new."

[[collect]]
clause = "2.7"
at = "accounts.register\""""


def second(**_: str) -> str:
    """The policy of Comm100 with one purpose more for what is given at registration."""
    source = re.sub(r'(?m)^version = ".*?"', 'version = "2011-01-01"', SOURCE, count=1)
    first = '[[collect]]\nclause = "2.7"\nat = "accounts.register"'
    assert first in source
    source = source.replace(first, TRIALS, 1)
    before = '"personalisation", "surveys", "legal",\n]'
    assert before in source
    return source.replace(before, '"personalisation", "surveys", "legal", "trials",\n]', 1)


def publish_second() -> None:
    publish(second(), actor=Actor.system("cli"))


def announce() -> None:
    """What the worker does with the task that publishing left."""
    while announcing.announce("2011-01-01"):
        pass


def trialists() -> set[object]:
    return set(audience(purpose="trials", data=[EMAIL]).values_list("person_id", flat=True))


def holder() -> Person:
    return Person.objects.get(users__isnull=False)


def test_who_is_affected_gets_one_mail_and_is_told_by_it(
    company: Company, ada: Customer, post: Post
) -> None:
    publish_second()
    assert not trialists()
    announce()
    announce()
    [mail] = post()
    assert mail.to == ada.seed.email
    assert "Inviting you to trials" in mail.text
    assert "30 days" in mail.text
    person = holder()
    assert why(purpose="trials", category=EMAIL, person=person).reason == "notice-window"
    announce()
    assert not post(), "nobody is told twice"
    with clock.at(clock.now() + timedelta(days=31)):
        assert trialists() == {person.pk}
    acts = [line.act for line in timeline(company.organisation, person.ref).lines]
    assert "notices.told" in acts


def test_the_link_in_the_mail_refuses_without_a_log_in(ada: Customer, post: Post) -> None:
    publish_second()
    announce()
    [mail] = post()
    [link] = re.findall(r"http://[^/]+(/changes/\S+?)[\s)>]", mail.text + " ")
    browser = Client()
    page = browser.get(link)
    assert "Inviting you to trials" in words(page)
    assert not page.cookies, "a page that is reached by a link sets none"
    assert page["Referrer-Policy"] == "no-referrer"
    assert not Told.objects.exclude(answer="").filter(version="2011-01-01").exists(), (
        "a scanner of mail that looks records nothing"
    )
    sent = {"version": "2011-01-01", "refuse": "trials/"}
    done = browser.post(link, sent, follow=True)
    assert "Noted" in words(done)
    with clock.at(clock.now() + timedelta(days=31)):
        assert not trialists()
    assert Told.objects.get(version="2011-01-01").answer == "accepted"
    assert browser.get("/changes/" + "x" * 40).status_code == 404


def test_whoever_comes_back_is_shown_it_once(ada: Customer) -> None:
    ada.browser.post("/account/logout/")
    publish_second()
    answer = ada.log_in()
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/changes/")
    page = ada.browser.get(answer["Location"])
    assert "Inviting you to trials" in words(page)
    assert Told.objects.get(version="2011-01-01").answer == "seen"
    ada.browser.post("/account/logout/")
    assert ada.log_in()["Location"] == "/account/"


def test_signing_up_records_the_version_as_accepted(company: Company, ada: Customer) -> None:
    told = Told.objects.get()
    assert (told.version, told.answer, told.way) == ("2010-05-18", "accepted", "accounts.register")
    acts = [line.act for line in timeline(company.organisation, holder().ref).lines]
    assert {"notices.told", "notices.accepted"} <= set(acts)


def test_an_answer_to_a_page_of_an_older_version_changes_nothing(ada: Customer) -> None:
    publish_second()
    old = {"version": "2010-05-18", "refuse": "trials/"}
    answer = ada.browser.post("/account/changes/", old)
    assert answer.status_code == 409
    assert "Another version came out" in words(answer)
    assert why(purpose="trials", category=EMAIL, person=holder()).reason != "refused"


def test_nothing_is_announced_where_nothing_matters(ada: Customer, post: Post) -> None:
    source = re.sub(r'(?m)^version = ".*?"', 'version = "2011-01-01"', SOURCE, count=1)
    publish(source, actor=Actor.system("cli"))
    announce()
    assert not post()
    assert "Nothing new for you" in words(ada.browser.get("/account/changes/"))


@pytest.mark.parametrize("path", ["/account/changes/"])
def test_the_page_of_the_account_needs_a_log_in(company: Company, path: str) -> None:
    assert Client().get(path).status_code == 302


def test_the_home_page_tells_of_it(company: Company) -> None:
    assert "changed" not in words(Client().get("/"))
    publish_second()
    assert "serves nothing new until you were told" in words(Client().get("/"))
    with clock.at(clock.now() + timedelta(days=40)):
        assert "serves nothing new" not in words(Client().get("/"))


def test_publishing_has_the_worker_tell(
    company: Company, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415

    publish_second()
    assert DBTaskResult.objects.filter(task_path__contains="notices.tasks.announce").exists()
