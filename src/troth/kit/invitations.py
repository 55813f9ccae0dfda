"""Calendar invitations for a mail (RFC 5545, RFC 5546, carried as RFC 6047 says)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from icalendar import Calendar, Event, vCalAddress

from troth.core import clock
from troth.core.errors import Invalid
from troth.kit.mail.message import Attachment

PRODUCT = "-//Troth//Appointments//EN"


class InvitationInvalid(Invalid):
    """Times without a zone, or an end that is not after the start."""


def invite(
    *,
    uid: str,
    summary: str,
    start: datetime,
    end: datetime,
    organizer: str,
    attendee: str = "",
    description: str = "",
    location: str = "",
    sequence: int = 0,
) -> Attachment:
    """An invitation to attach (RFC 5546 section 3.2.2).

    Times keep their zone, and the calendar carries its rules; UTC stays UTC. To change an
    appointment send it again with the same `uid` and a higher `sequence`.
    """
    event = _event(
        "CONFIRMED",
        uid=uid,
        start=start,
        end=end,
        organizer=organizer,
        attendee=attendee,
        sequence=sequence,
    )
    event.add("summary", summary)
    for name, text in (("description", description), ("location", location)):
        if text:
            event.add(name, text)
    return _attachment("REQUEST", event, "invite.ics")


def cancel(
    *,
    uid: str,
    start: datetime,
    end: datetime,
    organizer: str,
    attendee: str = "",
    sequence: int = 1,
) -> Attachment:
    """Takes an invitation back (RFC 5546 section 3.2.5); `sequence` above the invitation's."""
    event = _event(
        "CANCELLED",
        uid=uid,
        start=start,
        end=end,
        organizer=organizer,
        attendee=attendee,
        sequence=sequence,
    )
    return _attachment("CANCEL", event, "cancel.ics")


def _event(
    status: str,
    *,
    uid: str,
    start: datetime,
    end: datetime,
    organizer: str,
    attendee: str,
    sequence: int,
) -> Event:
    if start.tzinfo is None or end.tzinfo is None or end <= start:
        raise InvitationInvalid(
            "The appointment's times cannot be sent.",
            why="Both need a time zone, and the end has to be after the start.",
        )
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", clock.now())
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("sequence", sequence)
    event.add("status", status)
    event.add("organizer", _mailto(organizer))
    if attendee:
        event.add("attendee", _mailto(attendee, {"RSVP": "TRUE", "PARTSTAT": "NEEDS-ACTION"}))
    return event


def _mailto(address: str, parameters: dict[str, str] | None = None) -> vCalAddress:
    found = vCalAddress(f"mailto:{address}")
    found.params.update(parameters or {})
    return found


def _attachment(method: Literal["REQUEST", "CANCEL"], event: Event, name: str) -> Attachment:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    year = timedelta(days=366)
    first, last = event.DTSTART.date() - year, event.DTEND.date() + year
    calendar.add_missing_timezones(first_date=first, last_date=last)
    parameters = {"method": method, "charset": "utf-8"}
    return Attachment(name, "text/calendar", calendar.to_ical(), parameters)
