"""What an answer needs, until when one is taken, and who may have what came of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from accounts.conftest import Company
from accounts.customers import words
from troth.channels.surveys import answering, building, results
from troth.channels.surveys.models import Response, Survey
from troth.core.actors import Actor
from troth.core.gate.denials import UseDenied
from troth.core.people.models import Element
from troth.core.people.records import Given

AUTHOR = Actor("staff", "1" * 32, abilities=frozenset({building.ABILITY}))


def opened(*asks: str) -> Survey:
    survey = building.make(building.Plan("How is it?", asks=asks), actor=AUTHOR)
    building.ask(survey, building.Asked("What is good?", "words", "answers"), actor=AUTHOR)
    return building.publish(survey, actor=AUTHOR)


def answer(survey: Survey, once: str = "1") -> None:
    answering.answer(
        survey,
        actor=Actor.visitor(),
        given=[Given("answers#1", "user.content.private", once)],
        choices={},
        once=once,
    )


@pytest.mark.parametrize("company", ["comintech"], indirect=True)
def test_what_is_asked_beside_the_questions_needs_its_yes_too(company: Company) -> None:
    survey, browser = opened("health"), Client()
    address = f"/surveys/{survey.ref}"
    page = browser.get(address).content.decode()
    nonce = re.search(r'name="nonce"[^>]*value="([^"]+)"', page)
    assert nonce is not None
    sent = {"nonce": nonce[1], "health": "I am deaf"}
    refused = browser.post(address, sent)
    assert refused.status_code == 422
    assert "Only with your yes" in words(refused)
    assert not Element.objects.exists()
    taken = browser.post(address, sent | {"yes-accessibility": "on"})
    assert taken.status_code == 303
    assert Element.objects.count() == 1


def test_nothing_is_taken_after_the_end_however_long_the_page_was_open(company: Company) -> None:
    survey = opened()
    building.close(Survey.objects.get(pk=survey.pk), actor=AUTHOR)
    with pytest.raises(answering.ClosedInvalid):
        answer(survey)
    assert not Response.objects.exists()


def test_what_could_not_be_kept_is_not_called_an_entry(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = opened()

    def fail(**_: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(answering, "submit", fail)
    with pytest.raises(IntegrityError):
        answer(survey)


def test_a_table_for_who_may_have_nothing_is_refused(company: Company) -> None:
    survey = opened()
    answer(survey)
    worker = Actor.system("worker")
    assert len(list(results.table(survey, actor=worker))) == 2
    for stranger in ("nobody", "card-processor"):
        with pytest.raises(UseDenied):
            list(results.table(survey, actor=worker, to=stranger))


def test_counting_many_answers_takes_no_longer_statement(company: Company) -> None:
    survey, longest = opened(), [0]

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        longest[-1] = max(longest[-1], len(params or ()))
        return execute(sql, params, many, context)

    for number in range(40):
        answer(survey, str(number))
        if number in {1, 39}:
            with connection.execute_wrapper(look):
                assert results.tallies(survey, actor=Actor.system("worker"))
            longest.append(0)
    assert longest[0] == longest[1]
