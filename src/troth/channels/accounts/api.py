"""What other parts may use of accounts."""

from __future__ import annotations

from troth.channels.accounts.entries import as_person
from troth.channels.accounts.finding import has_account, is_staff, user_at, user_of as user_for
from troth.channels.accounts.invitations import InvitationInvalid, invite, register_staff
from troth.channels.accounts.models import Incident, User
from troth.channels.accounts.registering import drop_unconfirmed
from troth.channels.accounts.seeding import create_user

__all__ = [
    "Incident",
    "InvitationInvalid",
    "User",
    "as_person",
    "create_user",
    "drop_unconfirmed",
    "has_account",
    "invite",
    "is_staff",
    "register_staff",
    "user_at",
    "user_for",
]
