"""Erasure seen from outside: log-in, mails, sign-ups, lists, and a customer who comes back."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.test import Client
from django_tasks_db.models import DBTaskResult

from accounts.conftest import (  # noqa: F401 - fixtures
    Company,
    Post,
    ada,
    company,
    customer,
    made,
    new_account,
    post,
    server,
)
from accounts.customers import Customer, is_in, words
from imports.conftest import desk, folder, template  # noqa: F401 - fixtures
from imports.desk import Desk, lines, run_tasks
from rights.conftest import asked, done
from support.seeded import Seed, assert_nowhere
from troth.core.organisations.scope import scope
from troth.core.people.models import Element, Person
from troth.core.rights import api as rights
from troth.core.rights.emptying import empty_closed
from troth.core.rights.own.holdings import holdings
from troth.kit.outbox.api import Message

HEAD = "Name,E-mail,Permission"


def test_a_customer_is_erased_wherever_they_were(
    company: Company,  # noqa: F811
    ada: Customer,  # noqa: F811
    post: Post,  # noqa: F811
) -> None:
    seed, browser = ada.seed, ada.browser
    assert is_in(browser)
    sent = {"name": seed.name, "email": seed.email, "message": seed.message}
    page = browser.get("/forms/contact").content.decode()
    nonce = page.partition('name="nonce" value="')[2].partition('"')[0]
    assert browser.post("/forms/contact", sent | {"nonce": nonce}).status_code == 303
    person = Person.objects.get(users__isnull=False)
    assert Message.objects.filter(person=person).exists()
    sessions = Session.objects.count()
    request = done("deletion", person)
    assert request.state == "done", [(s.name, s.fault) for s in request.steps.all()]
    assert not is_in(browser), "the session is over at once"
    assert Session.objects.count() == sessions - 1
    assert not Person.objects.filter(pk=person.pk).exists()
    for holding in holdings():
        assert not holding.rows(frozenset({person.pk})).exists(), holding.label
    assert not DBTaskResult.objects.filter(args_kwargs__icontains=seed.email).exists()
    assert "wrong" in words(ada.log_in(Client())).lower() or not is_in(ada.browser)
    rights.answered(request)
    assert empty_closed() == 1
    assert_nowhere(seed.values(), company.folder)
    again = Customer(seed=seed)
    assert again.register().status_code == 302
    link = post()[-1].link("confirm")
    assert again.browser.post(link, {"password": again.password}).status_code == 302
    assert is_in(again.browser), "they start anew by themselves"
    assert Person.objects.get(users__isnull=False).pk != person.pk


def test_a_list_brings_nobody_back(desk: Desk) -> None:  # noqa: F811
    gone, stays = Seed.new(), Seed.new()
    with scope(desk.organisation):
        desk.let_in(_list(gone))
        waiting = desk.rehearse(desk.bring(_list(gone, stays)))
        [found] = Element.objects.filter(category="user.contact.email", person__users=None)
        request = asked("deletion", found.person)
        run_tasks()
        request.refresh_from_db()
        assert request.state == "done", [(s.name, s.fault) for s in request.steps.all()]
        desk.start(waiting)
        run_tasks()
        waiting.refresh_from_db()
        assert (waiting.new, waiting.refused) == (1, 0), "the list that waited has lost the row"
        run = desk.let_in(_list(gone))
        assert (run.new, run.refused) == (0, 1)
        assert Person.objects.filter(users=None).count() == 1


def _list(*seeds: Seed) -> bytes:
    return lines(HEAD, *(f"{seed.name},{seed.email},Fair 2014" for seed in seeds))
