"""What other parts may use of accounts."""

from __future__ import annotations

from troth.channels.accounts.beside import Section, on_my_data
from troth.channels.accounts.entries import as_person
from troth.channels.accounts.finding import has_account, is_staff, user_at, user_of as user_for
from troth.channels.accounts.grounds import REGISTER, AccountsMissing, account_purpose
from troth.channels.accounts.guessing import (
    guess,
    networks_open,
    security_purpose,
    since as refused_since,
)
from troth.channels.accounts.incidents import handle as handle_incident, unhandled
from troth.channels.accounts.invitations import InvitationInvalid, invite, register_staff
from troth.channels.accounts.middleware import mark_of as sign_in_of
from troth.channels.accounts.models import Incident, Registration, User
from troth.channels.accounts.parts import account_parts, register_choices, register_part
from troth.channels.accounts.registering import confirm, drop_unconfirmed, register
from troth.channels.accounts.seeding import create_user
from troth.channels.accounts.sign_ins import lives as sign_in_lives
from troth.channels.accounts.tidying import tidy

__all__ = [
    "REGISTER",
    "AccountsMissing",
    "Incident",
    "InvitationInvalid",
    "Registration",
    "Section",
    "User",
    "account_parts",
    "account_purpose",
    "as_person",
    "confirm",
    "create_user",
    "drop_unconfirmed",
    "guess",
    "handle_incident",
    "has_account",
    "invite",
    "is_staff",
    "networks_open",
    "on_my_data",
    "refused_since",
    "register",
    "register_choices",
    "register_part",
    "register_staff",
    "security_purpose",
    "sign_in_lives",
    "sign_in_of",
    "tidy",
    "unhandled",
    "user_at",
    "user_for",
]
