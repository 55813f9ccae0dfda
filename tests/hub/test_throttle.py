"""Who is counted as one caller, and for how long anything of it is kept."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory

from troth.hub import worker
from troth.hub.home import Home
from troth.kit.throttle.counting import ThrottleDenied, caller_of, throttle
from troth.kit.throttle.models import Count


def caller(address: str, *forwarded: str) -> str:
    headers = {"X-Forwarded-For": ", ".join(forwarded)} if forwarded else {}
    return caller_of(RequestFactory(headers=headers, REMOTE_ADDR=address).get("/"))


def test_the_addresses_of_one_ipv6_network_are_one_caller() -> None:
    one = caller("2001:db8:1:2::1")
    assert caller("2001:db8:1:2:ffff::9") == one
    assert caller("2001:db8:1:3::1") != one
    assert caller("::ffff:192.0.2.7") == caller("192.0.2.7") == "192.0.2.7"
    assert caller("192.0.2.8") != caller("192.0.2.7")


def test_who_was_forwarded_for_counts_behind_a_proxy_alone_and_only_the_last(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert caller("192.0.2.7", "198.51.100.1") == "192.0.2.7"
    monkeypatch.setattr(settings, "HOME", Home(tmp_path, {"behind_proxy": True}))
    assert caller("192.0.2.7", "198.51.100.1") == "198.51.100.1"
    assert caller("192.0.2.7", "made up, 203.0.113.5", "198.51.100.1") == "198.51.100.1"
    assert caller("192.0.2.7", "198.51.100.1", "2001:db8:1:2::1") == "2001:db8:1:2::"
    assert caller("192.0.2.7") == "192.0.2.7"


@pytest.mark.django_db
def test_too_many_in_a_window_are_refused() -> None:
    for _ in range(3):
        throttle("test.many", "192.0.2.7", limit=3, seconds=10**9)
    with pytest.raises(ThrottleDenied) as caught:
        throttle("test.many", "192.0.2.7", limit=3, seconds=10**9)
    assert 0 < caught.value.seconds <= 10**9
    throttle("test.many", "192.0.2.8", limit=3, seconds=10**9)
    throttle("test.other", "192.0.2.7", limit=3, seconds=10**9)


class OneRound(threading.Event):
    """Lets the worker go round once."""

    rounds = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.rounds += 1
        return self.rounds > 1


@pytest.mark.django_db(databases=["default", "keyring"])
def test_the_worker_forgets_what_was_counted_in_past_windows() -> None:
    throttle("test.now", "192.0.2.7", limit=3, seconds=10**9)
    Count.objects.create(key=b"past", window=int(time.time()) - 1, count=2)
    worker.sequence_until(OneRound())
    assert Count.objects.count() == 1
