from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.conftest import Post
from accounts.customers import Customer, is_in
from troth.channels.accounts.api import tidy
from troth.channels.accounts.models import Registration, SignIn
from troth.core import clock

LATER = timedelta(days=91)


def test_what_runs_on_is_left_alone(ada: Customer) -> None:
    tidy()
    assert is_in(ada.browser)
    assert SignIn.objects.count() == 1


def test_sessions_that_have_run_out_are_cleared(ada: Customer) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    tidy()
    assert not Session.objects.exists()


def test_log_ins_of_more_than_ninety_days_ago_are_forgotten(ada: Customer) -> None:
    with clock.at(clock.now() + LATER):
        tidy()
    assert not SignIn.objects.exists()


def test_after_all_is_forgotten_a_device_counts_as_strange(ada: Customer, post: Post) -> None:
    with clock.at(clock.now() + LATER):
        tidy()
        ada.log_in(Client())
        assert [mail.to for mail in post()] == [ada.seed.email]


def test_registrations_nobody_confirmed_are_dropped(customer: Customer) -> None:
    customer.register()
    tidy()
    assert Registration.objects.count() == 1
    with clock.at(clock.now() + timedelta(days=4)):
        tidy()
    assert not Registration.objects.exists()


def test_records_of_finished_tasks_are_cleared(customer: Customer) -> None:
    customer.register()
    waiting = DBTaskResult.objects.get()
    waiting.claim("a-worker")
    waiting.set_successful(None)
    tidy()
    assert DBTaskResult.objects.count() == 1
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(days=2))
    tidy()
    assert not DBTaskResult.objects.exists()
