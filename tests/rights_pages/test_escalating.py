"""A case's file leaves once, whatever becomes of the process that sends it."""

from __future__ import annotations

import datetime as dt

import pytest

from support.askers import SYSTEM, Company, Customer, Mails
from troth.channels.rights import escalating
from troth.channels.rights.api import receive
from troth.core import clock
from troth.core.rights.api import Content
from troth.core.rights.models import Request
from troth.kit.mail import transport
from troth.kit.mail.transport import Outcome, Transport

SEAL = "cases@clear-harbour.example"


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def case(company: Company, ada: Customer) -> Request:
    """A complaint that nobody answered in time, whose file may go."""
    content = Content(reply_to=ada.seed.email, words=ada.seed.message)
    late = clock.now() - dt.timedelta(days=90)
    return receive("complaint", actor=SYSTEM, way="form", content=content, received_at=late)


def files(mails: Mails) -> int:
    return sum(SEAL in one.recipients for one in mails.mailbox.received)


def history(case: Request) -> list[str]:
    return list(case.events.order_by("at", "id").values_list("what", flat=True))[1:]


def test_a_file_whose_sending_was_cut_short_is_told_and_not_sent_again(
    case: Request, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver = Transport.deliver

    def dies(self: Transport, *args: object, **kwargs: object) -> Outcome:
        deliver(self, *args, **kwargs)  # type: ignore[arg-type]
        raise Killed

    escalating.agree(case, consent=True, actor=SYSTEM)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Transport, "deliver", dies)
        escalating.deliver(case.pk, "seal", 0)
    assert files(mails) == 1
    assert history(case) == ["escalated", "handing"], "what left is recorded, though nobody lived"
    for _ in range(2):
        escalating.deliver(case.pk, "seal", 0)
    assert files(mails) == 1
    assert history(case) == ["escalated", "handing", "unsure"]
    assert escalating.offered(case), "the person may have it sent again"
    escalating.agree(case, consent=True, actor=SYSTEM)
    mails.new()
    assert files(mails) == 2
    assert history(case)[-2:] == ["handing", "handed"]


def test_a_file_that_is_put_off_goes_later(
    case: Request, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    escalating.agree(case, consent=True, actor=SYSTEM)
    with monkeypatch.context() as patch:
        patch.setattr(transport(), "port", 1)
        assert escalating.deliver(case.pk, "seal", 0), "when to try again"
    assert history(case) == ["escalated", "handing", "put-off"]
    mails.new()
    assert files(mails) == 1
    assert history(case)[-1] == "handed"
