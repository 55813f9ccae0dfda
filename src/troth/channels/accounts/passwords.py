"""Setting a password: by a one-time link, or knowing the old one. None is ever sent or shown."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from troth.channels.accounts import acts, sign_ins
from troth.channels.accounts.entries import as_person, note
from troth.channels.accounts.finding import user_at
from troth.channels.accounts.grounds import account_purpose
from troth.channels.accounts.models import Correction, Incident, User
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.kit.outbox.api import send


class ResetTokens(PasswordResetTokenGenerator):
    """Django's tokens, which die with the password and the log-in they were made for.

    Raising `User.epoch` (a session ended everywhere, a lock) ends them too.
    """

    key_salt = "troth.accounts.reset"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.epoch}{user.address_id}"


reset_tokens: Final = ResetTokens()


class LetInTokens(ResetTokens):
    """As those, for logging in with the password although the account is locked: each works once,
    and those before it no more.
    """

    key_salt = "troth.accounts.let-in"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.let_in_at}"


let_in_tokens: Final = LetInTokens()


@action
def ask_reset(name: str, *, actor: Actor) -> None:
    """Send a one-time link if the address has an account; say nothing either way."""
    user = user_at(name, actor=actor)
    if user is None or user.address is None:
        return
    note(acts.RESET_ASKED, user.person, actor=actor)
    send(
        user.person,
        kind="accounts.reset",
        purpose=account_purpose(),
        actor=actor,
        record=user.pk,
        to=user.address,
    )


@action
def set_password(user: User, password: str, *, actor: Actor | None = None) -> None:
    """Set the password, end every session, open the account if it was locked, and tell by mail."""
    actor = actor or as_person(user.person)
    was_locked = not user.is_active
    user.is_active = True
    user.locked_until = clock.now()  # what came before counts no more
    user.set_password(password)
    user.save(update_fields=["password", "is_active", "locked_until"])
    sign_ins.end_all(user, actor=actor)
    if was_locked:
        Incident.objects.filter(user=user, closed_at=None).update(closed_at=clock.now())
        note(acts.UNLOCKED, user.person, actor=actor)
    note(acts.PASSWORD_SET, user.person, actor=actor)
    correction = Correction.objects.create(user=user, elements=["password"], at=clock.now())
    send(
        user.person,
        kind="accounts.changed",
        purpose=account_purpose(),
        actor=actor,
        record=correction.pk,
        to=user.address,
    )
