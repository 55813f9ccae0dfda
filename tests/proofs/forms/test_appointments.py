"""Booking a time with a company, and handing something in to be mended."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from proofs.company import Company, submit, text_of
from support.pages import form
from support.seeded import Seed


def newest(company: Company, path: str) -> str:
    """The address of the submission that lies on top of the staff's inbox."""
    page = company.staff().get("/console/inbox/")
    found = re.search(r'class="item-head"><a href="([^"?]+)', page.text)
    assert found
    return found[1]


@pytest.mark.clause("comantra-02")
def test_a_visitor_books_a_time(company: Company) -> None:
    reader, seed = company.reader(), Seed.new()
    page = reader.get("/forms/appointment")
    slot = next(value for name, value in form(page, "slot").boxes if name == "slot")
    start = datetime.fromisoformat(slot)
    booked = submit(reader, page, "slot", name=seed.name, email=seed.email, slot=slot)
    assert "Your appointment" in booked.words
    assert "Doing what you asked for" in booked.words
    [(stored,)] = company.rows(
        "SELECT starts_at FROM forms_appointment WHERE submission_id ="
        " (SELECT id FROM forms_submission ORDER BY sent_at DESC LIMIT 1)"
    )
    assert datetime.fromisoformat(stored).replace(tzinfo=UTC) == start
    [mail] = [one for one in company.mails(seed.email) if "calendar" in one.raw.decode()]
    [part] = [one for one in mail.message.walk() if one.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    [event] = calendar.walk("VEVENT")
    assert event.decoded("DTSTART").astimezone(UTC) == start.astimezone(UTC)
    assert calendar["METHOD"] == "REQUEST"
    assert seed.email in str(event["ATTENDEE"])
    again = submit(reader, page, "slot", name="Bo", email=Seed.new().email, slot=slot)
    assert again.status == 409
    # Whose it is, for what they came.
    owner, lead = company.staff(), newest(company, "appointment")
    submit(owner, owner.get(lead), to="/purpose", purpose="fulfilment")
    shown = owner.get(lead)
    assert seed.name in shown.words
    assert "Book an appointment" in shown.words
    ref = re.search(r"/console/people/([\w-]+)", shown.text.partition('class="soft">Sent')[2])
    assert ref
    why = company.why(purpose="fulfilment", data="user.contact.email", person=ref[1])
    assert why.startswith("permitted")
    assert company.why(purpose="newsletter", data="user.contact.email", person=ref[1]).startswith(
        "denied"
    )


@pytest.mark.clause("comantra-03")
def test_what_is_handed_in_becomes_a_case_with_a_receipt(company: Company) -> None:
    reader, seed = company.reader(), Seed.new()
    page = reader.get("/forms/drop-off")
    assert "item" in form(page, "item").names()
    done = submit(
        *(reader, page, "item"), name=seed.name, email=seed.email, item="Laptop, blue lid",
        message=seed.message,
    )  # fmt: skip
    [number] = re.findall(r"service case has the number (\d+)", done.words)
    [receipt] = company.mails(seed.email, number)
    assert "Comantra" in text_of(receipt)
    owner, lead = company.staff(), newest(company, "drop-off")
    submit(owner, owner.get(lead), to="/purpose", purpose="fulfilment")
    shown = owner.get(lead).words
    for value in (number, seed.name, "Laptop, blue lid", seed.message):
        assert value in shown
    other = submit(
        *(reader, reader.get("/forms/drop-off"), "item"), name="Bo", email=Seed.new().email,
        item="Mouse", message="It squeaks.",
    )  # fmt: skip
    assert int(re.findall(r"has the number (\d+)", other.words)[0]) == int(number) + 1
