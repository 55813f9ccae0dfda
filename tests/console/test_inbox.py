"""The inbox of submissions: sealed in the list, opened for a purpose, dealt with."""

from __future__ import annotations

from uuid import uuid4

import pytest

from console.cast import Company
from support.seeded import Seed
from troth.channels.forms.actions import submit
from troth.channels.forms.models import Submission
from troth.core.actors import Actor
from troth.core.people.records import Given


@pytest.fixture
def seed() -> Seed:
    return Seed.new()


@pytest.fixture
def sent(comm100: Company, seed: Seed) -> Submission:
    given = [
        Given("name", "user.name", seed.name),
        Given("email", "user.contact.email", seed.email),
        Given("message", "user.content.private", seed.message),
    ]
    return submit(
        actor=Actor.visitor(),
        touchpoint="forms.contact",
        given=given,
        choices={},
        once=uuid4().hex,
    )


def test_the_inbox_lists_what_came_and_shows_no_value(
    comm100: Company, sent: Submission, seed: Seed
) -> None:
    page = comm100.agent.get("/console/inbox/").content.decode()
    assert sent.ref in page
    assert not [value for value in (seed.name, seed.email, seed.message) if value in page]


def test_what_was_written_opens_for_a_purpose_and_no_other(
    comm100: Company, sent: Submission, seed: Seed
) -> None:
    url = f"/console/inbox/{sent.ref}"
    assert seed.message not in comm100.agent.reads(url), "it was shown without a purpose"
    comm100.agent.pick("support")
    assert seed.message in comm100.agent.reads(url)
    comm100.owner.pick("newsletter")
    closed = comm100.owner.reads(url)
    assert seed.message not in closed
    assert "Show the values for this" in closed, "the purposes that open it are not offered"


def test_a_submission_is_done_and_open_again(comm100: Company, sent: Submission) -> None:
    url = f"/console/inbox/{sent.ref}"
    for state in ("done", "open"):
        assert comm100.agent.post(f"{url}/mark", state=state).status_code == 302
        sent.refresh_from_db()
        assert sent.state == state
        assert sent.ref in comm100.agent.get("/console/inbox/", state=state).content.decode()
    assert comm100.marketing.get("/console/inbox/").status_code == 403


def test_a_submission_that_is_gone_is_told_in_words(comm100: Company) -> None:
    answer = comm100.agent.get(f"/console/inbox/{'0' * 32}")
    assert answer.status_code == 404
    assert "is gone" in answer.content.decode()
