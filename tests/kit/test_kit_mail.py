"""Messages: headers that cannot be broken, values that cannot pretend, two parts alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import override_settings
from hypothesis import given, strategies as st
from icalendar import Calendar

from troth.kit.invitations import InvitationInvalid, cancel, invite
from troth.kit.mail import Attachment, MailInvalid, build, compose, template
from troth.kit.mail.template import MailTemplateInvalid, quote
from troth.kit.mail.text import as_text, inline
from troth.kit.words import markdown

START = datetime(2026, 5, 4, 9, 0, tzinfo=ZoneInfo("America/Vancouver"))
HALF_HOUR = timedelta(minutes=30)


def made(**changes: Any) -> EmailMessage:
    """A message as it arrives: built, written out and read again."""
    given = {
        "sender": "desk@northwind.example",
        "to": "ada@home.example",
        "subject": "Your appointment",
        "body": "Hello **Ada**,\n\nit is [here](https://northwind.example/a?b=1&c=2).",
    }
    message = build(**(given | changes))
    read = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_both_parts_say_the_same() -> None:
    message = made(footer="Northwind Desk, [privacy](https://northwind.example/policy)")
    text, html = part(message, "plain"), part(message, "html")
    assert "Hello Ada," in text
    assert "here <https://northwind.example/a?b=1&c=2>" in text
    assert "privacy <https://northwind.example/policy>" in text
    assert "<strong>Ada</strong>" in html
    assert 'href="https://northwind.example/a?b=1&amp;c=2"' in html
    assert all(len(line) <= 72 or "http" in line for line in text.splitlines())


def test_the_html_part_fetches_nothing() -> None:
    html = part(made(body="![x](https://pixel.example/p.gif) <img src=https://p.example>"), "html")
    assert "src=" not in html.replace("&lt;img src=", "")
    assert "<link" not in html
    assert "url(" not in html


def test_headers_say_where_it_comes_from() -> None:
    message = made(sender_name="Bé & Co", domain="mail.northwind.example")
    assert message["From"].addresses[0].display_name == "Bé & Co"
    assert message["Message-ID"].endswith("@mail.northwind.example>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime.tzinfo is not None
    assert made(automatic=False)["Auto-Submitted"] is None
    assert made()["Message-ID"] != made()["Message-ID"]
    listed = made(headers={"List-Unsubscribe": "<https://northwind.example/u/1>"})
    assert listed["List-Unsubscribe"] == "<https://northwind.example/u/1>"


INJECTIONS = ["a\nBcc: x@evil.example", "a\r\nBcc: x", "a\rb", "a\x00b", "a\u2028b", "\u202eevil"]


@pytest.mark.parametrize("bad", INJECTIONS)
@pytest.mark.parametrize("field", ["subject", "sender_name", "to_name", "to", "sender", "domain"])
def test_a_header_cannot_be_broken_open(field: str, bad: str) -> None:
    value = f"{bad}@home.example" if field in {"to", "sender"} else bad
    with pytest.raises(MailInvalid) as caught:
        made(**{field: value})
    assert "evil" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("bad", INJECTIONS)
def test_further_headers_and_attachments_cannot_either(bad: str) -> None:
    with pytest.raises(MailInvalid):
        made(headers={"List-Unsubscribe": bad})
    with pytest.raises(MailInvalid):
        made(headers={bad: "x"})
    with pytest.raises(MailInvalid):
        made(attachments=[Attachment(bad, "text/plain", b"")])
    with pytest.raises(MailInvalid):
        made(headers={"subject": "a second one"})


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "@home.example",
        "ada@",
        "a@b@c.example",
        "a b@c.example",
        "<a@b.example>",
        "a,b@c",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(MailInvalid) as caught:
        made(to=address)
    assert not address or address not in caught.value.what


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_sent_as_it_is_or_refused(name: str, subject: str) -> None:
    try:
        message = build(
            sender="a@b.example", to="c@d.example", subject=subject, to_name=name, body="x"
        )
    except MailInvalid:
        return
    read = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert set(read.keys()) == set(message.keys())
    assert len(read["To"].addresses) == 1
    assert read["To"].addresses[0].addr_spec == "c@d.example"


def test_names_in_every_script_arrive() -> None:
    for name in ("علی‌رضا", "क्षि", "李雷", "👩‍💻", "O'Brien, Ada"):
        assert made(to_name=name)["To"].addresses[0].display_name == name


# --- Templates ---


def written(folder: Path, text: str) -> str:
    (folder / "mail.md").write_text(text)
    return "mail.md"


@pytest.fixture
def folder(tmp_path: Path) -> Any:
    changed = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    with override_settings(TEMPLATES=changed):
        template._compiled.cache_clear()
        yield tmp_path
    template._compiled.cache_clear()


def test_a_value_is_shown_and_never_obeyed(folder: Path) -> None:
    name = written(
        folder, "Subject: For {{ who }}\n\nHello {{ who }},\n\n[go]({{ url }}) {{ n }}\n"
    )
    evil = "[free *money*](https://evil.example) <b>x</b> & 1."
    filled = compose(name, {"who": evil, "url": "https://ok.example/a_b?c=1&d=*", "n": 3})
    assert filled.subject == f"For {evil}"
    text, html = as_text(filled.body), markdown(filled.body)
    assert f"Hello {evil}," in " ".join(text.split("\n"))
    assert "go <https://ok.example/a_b?c=1&d=*>" in text
    assert "<b>" not in html
    assert html.count("<a ") == 1
    assert 'href="https://ok.example/a_b?c=1&amp;d=*"' in html


def test_a_values_line_break_stays_in_the_body(folder: Path) -> None:
    name = written(folder, "Subject: {{ who }}\n\n> {{ said }}\n")
    filled = compose(name, {"who": "Ada", "said": "one\n\n# two\n    three"})
    assert as_text(filled.body) == "> one\n> \n> # two\n> three"
    broken = compose(name, {"who": "Ada\nBcc: all@evil.example", "said": ""})
    with pytest.raises(MailInvalid):
        made(subject=broken.subject)


def test_a_template_without_a_subject_or_with_a_loose_tag_is_refused(folder: Path) -> None:
    with pytest.raises(MailTemplateInvalid):
        compose(written(folder, "Hello"), {})
    template._compiled.cache_clear()
    with pytest.raises(MailTemplateInvalid):
        compose(written(folder, "Subject: x\n\n{% now 'Y' %}"), {})


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Co", "Cc"]), max_size=60))
def test_quoted_text_reads_back_as_it_was(text: str) -> None:
    if text.strip() and len(text.splitlines()) == 1:
        assert inline(quote(text)) == text.strip()


# --- Invitations ---


def test_an_invitation_is_one_that_calendars_take() -> None:
    found = invite(
        uid="a1@northwind.example",
        summary="Appointment, with; care",
        start=START,
        end=START + HALF_HOUR,
        organizer="desk@northwind.example",
        attendee="ada@home.example",
    )
    calendar = Calendar.from_ical(found.data)
    event = calendar.events[0]
    assert calendar["method"] == found.parameters["method"] == "REQUEST"
    assert event["uid"] == "a1@northwind.example"
    assert event.DTSTART == START
    assert event.DTEND == START + HALF_HOUR
    assert event["summary"] == "Appointment, with; care"
    assert event["dtstamp"].dt.tzinfo is not None
    assert [zone.tz_name for zone in calendar.timezones] == ["America/Vancouver"]
    message = made(attachments=[found])
    (attached,) = message.iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_param("method") == "REQUEST"


def test_utc_needs_no_zone_and_a_cancellation_names_the_same_event() -> None:
    when = {"start": START.astimezone(UTC), "end": (START + HALF_HOUR).astimezone(UTC)}
    back = cancel(uid="a1@n.example", organizer="desk@n.example", **when)
    calendar = Calendar.from_ical(back.data)
    assert calendar["method"] == "CANCEL"
    assert not calendar.timezones
    assert calendar.events[0]["status"] == "CANCELLED"
    assert b"DTSTART:20260504T160000Z" in back.data


@pytest.mark.parametrize(
    ("start", "end"),
    [(START, START), (START, START - HALF_HOUR), (START.replace(tzinfo=None), START)],
)
def test_impossible_times_are_refused(start: datetime, end: datetime) -> None:
    with pytest.raises(InvitationInvalid):
        invite(uid="a", summary="x", start=start, end=end, organizer="a@b.example")
