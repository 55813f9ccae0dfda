"""The calendar invitation of an appointment (RFC 5545, RFC 5546 §3.2.2)."""

from __future__ import annotations

from troth.channels.forms.models import Appointment
from troth.kit.invitations import invite
from troth.kit.mail import Attachment
from troth.policy.model import Company


def invitation(booked: Appointment, company: Company, attendee: str) -> Attachment:
    """An attachment for the mail: who and when, no word of what was written."""
    return invite(
        uid=f"{booked.submission.ref}@{company.privacy_contact.partition('@')[2]}",
        summary=f"Appointment with {company.name}",
        start=booked.starts_at,
        end=booked.ends_at,
        organizer=company.privacy_contact,
        attendee=attendee,
    )
