"""The age gate at collection: whoever says they are too young leaves nothing behind."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from accounts.conftest import Company, company, made, server  # noqa: F401 - fixtures
from accounts.customers import Customer, words
from support.seeded import Seed, assert_nowhere
from troth.channels.forms.fields import UNDER_AGE
from troth.core.keyring.models import Key
from troth.core.ledger.models import Pending
from troth.core.organisations.scoped import Scoped

FORMS = [
    ("comm100", "/forms/contact", 13),
    ("comm100", "/forms/contact/embed", 13),
    ("comm100", "/referral", 13),
    ("com1", "/forms/contact", 13),
    ("comindware", "/forms/contact", 16),
    ("comintech", "/forms/newsletter", 13),
    ("comantra", "/forms/contact", 13),
]
LEDGER = "ledger.Pending"  # has the mark


def rows() -> dict[str, int]:
    """How many rows there are of everything an organisation has."""
    found = {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if issubclass(model, Scoped) and model._meta.managed and model._meta.label != LEDGER
    }
    found["keys"] = Key.objects.filter(kind="person").count()
    tasks = apps.get_model("django_tasks_database", "DBTaskResult")
    return found | {"tasks": tasks.objects.count()}


def marks() -> list[bytes]:
    bodies = [bytes(body) for body in Pending.objects.values_list("body", flat=True)]
    return [body for body in bodies if b'"act":"forms.child_refused"' in body]


def fields(page: str) -> list[str]:
    return [
        name
        for name in re.findall(r'<(?:input|textarea|select)[^>]*\bname="([^"]+)"', page)
        if name not in ("nonce", "homepage", UNDER_AGE)
    ]


@pytest.mark.parametrize(("company", "path", "age"), FORMS, indirect=["company"])
def test_a_child_leaves_nothing(company: Company, path: str, age: int) -> None:  # noqa: F811
    browser, seed = Client(), Seed.new()
    page = browser.get(path).content.decode()
    box = re.search(rf'<input[^>]*name="{UNDER_AGE}"[^>]*>', page)
    assert box, page
    assert "checked" not in box[0]
    assert f"I am under {age}" in page
    assert page.index(UNDER_AGE) < page.rindex("<button")
    values = [seed.email, seed.name, seed.message]
    sent = dict(zip(fields(page), values * 9, strict=False))
    nonce = re.search(r'name="nonce"[^>]*value="([^"]+)"', page)
    assert nonce
    before = rows()
    answer = browser.post(path, sent | {"nonce": nonce[1], UNDER_AGE: "on"})
    assert answer.status_code == 422
    assert f"people of {age} and older" in words(answer)
    assert "no-store" in answer["Cache-Control"]
    assert not [value for value in seed.values() if value in answer.content.decode()]
    assert rows() == before
    assert_nowhere(seed.values(), company.folder)
    [mark] = marks()
    assert b'"subject":null' in mark or b"subject" not in mark


def test_an_old_page_or_a_forged_one_echoes_nothing_of_a_child(company: Company) -> None:  # noqa: F811
    seed, before = Seed.new(), rows()
    sent = {"email": seed.email, "message": seed.message, "nonce": "x", UNDER_AGE: "1"}
    answer = Client().post("/forms/contact", sent)
    assert answer.status_code == 422
    assert seed.email not in answer.content.decode()
    assert rows() == before


def test_a_box_that_is_not_ticked_asks_nothing_more(company: Company) -> None:  # noqa: F811
    browser, seed = Client(), Seed.new()
    page = browser.get("/forms/contact").content.decode()
    nonce = re.search(r'name="nonce"[^>]*value="([^"]+)"', page)
    assert nonce
    sent: dict[str, Any] = {"name": seed.name, "email": seed.email, "message": seed.message}
    answer = browser.post("/forms/contact", sent | {"nonce": nonce[1]})
    assert answer.status_code in (303, 422)
    assert not marks()


def test_registering_ends_the_same_way(company: Company) -> None:  # noqa: F811
    customer, before = Customer(), rows()
    answer = customer.register(age="no")
    assert answer.status_code == 422
    assert "Nothing of what you wrote was kept" in words(answer)
    text = answer.content.decode()
    assert not [value for value in customer.seed.values() if value in text]
    assert customer.password not in text
    assert rows() == before
    assert len(marks()) == 1


def test_every_form_says_how_to_report_a_child(company: Company) -> None:  # noqa: F811
    page = words(Client().get("/forms/contact"))
    assert "If a child wrote to us, tell" in page
    clause = words(Client().get("/policy/clause/1.4"))
    assert "A child wrote to us?" in clause
