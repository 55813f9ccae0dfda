"""What the web says of the live process: where it is, and tickets to it."""

from __future__ import annotations

from typing import Any

import pytest

from conversations.company import Company

TICKET = "/console/conversations/live-ticket"


def connects(answer: Any) -> list[str]:
    """What the page's Content-Security-Policy lets it connect to."""
    header: str = answer.headers["Content-Security-Policy"]
    [found] = [part.split()[1:] for part in header.split(";") if "connect-src" in part]
    return found


@pytest.mark.parametrize(
    ("settings_of", "where"),
    [
        ({}, []),
        ({"TROTH_LIVE_PORT": "8001"}, ["comm100.localhost:8001"]),
        ({"TROTH_LIVE_URL": "wss://chat.example.com/"}, ["chat.example.com"]),
        ({"TROTH_LIVE_URL": "https://{host}", "TROTH_LIVE_PORT": "1"}, ["comm100.localhost"]),
    ],
)
def test_pages_may_connect_to_the_live_process_alone(
    company: Company,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    settings_of: dict[str, str],
    where: list[str],
) -> None:
    settings.SECURE_SSL_REDIRECT = False
    for name, value in settings_of.items():
        monkeypatch.setenv(name, value)
    s = "s" * ("TROTH_LIVE_URL" in settings_of)
    expected = [f"{scheme}{s}://{host}" for host in where for scheme in ("ws", "http")]
    for path in ("/", "/policy", "/console/"):
        answer = company.browser("ann" if "console" in path else "").get(path)
        assert connects(answer) == ["'self'", *expected]


def test_a_ticket_is_for_the_staff(
    company: Company, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = False
    ann = company.browser("ann")
    assert ann.post(TICKET).status_code == 404  # there is no live process
    monkeypatch.setenv("TROTH_LIVE_PORT", "8001")
    given = ann.post(TICKET)
    assert given.json()["url"] == "ws://comm100.localhost:8001"
    assert given.json()["ticket"]
    assert "no-store" in given.headers["Cache-Control"]
    assert ann.get(TICKET).status_code == 405
    assert company.browser("auditor").post(TICKET).status_code == 403
    assert company.browser().post(TICKET).status_code == 302
