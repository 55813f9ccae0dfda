"""A mail whose worker died in the middle is sent all the same, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.conftest import Company
from accounts.customers import Customer
from support.mail import Mailbox
from troth.hub.stranded import take_up
from troth.kit.mail import transport


def work() -> None:
    call_command(
        "db_worker", batch=True, interval=0, startup_delay=False, verbosity=0, reload=False
    )


def test_what_a_dead_worker_had_in_hand_is_taken_up(
    company: Company, customer: Customer, smtp: Mailbox, settings: Any
) -> None:
    settings.EMAIL_PORT = smtp.port
    transport.cache_clear()
    customer.register()
    task = DBTaskResult.objects.get()
    task.claim("a worker that dies")
    work()
    assert not smtp.received, "it is still in the hands of the other worker"
    assert take_up() == 0, "which may be slow"
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(hours=1))
    assert take_up() == 1
    work()
    assert len(smtp.received) == 1
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now() - timedelta(hours=1))
    assert take_up() == 1
    work()
    assert len(smtp.received) == 1, "what was accepted is not sent again"
    transport().close()
    transport.cache_clear()
