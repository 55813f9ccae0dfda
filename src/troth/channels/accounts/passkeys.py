"""Passkeys and security keys of an account: added, used, removed."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction
from fido2.webauthn import AttestedCredentialData, AuthenticatorData

from troth.channels.accounts import acts, ceremonies
from troth.channels.accounts.ceremonies import PasskeyInvalid
from troth.channels.accounts.entries import note
from troth.channels.accounts.grounds import CREDENTIALS, account_purpose, keeping
from troth.channels.accounts.models import Correction, Passkey, RecoveryCode, User
from troth.channels.accounts.second_factor import asked_of, new_codes
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate import uses
from troth.core.keyring.opening import require
from troth.core.sealing.blind import blind_index
from troth.kit.outbox.api import send

MOST: Final = 20
_SYSTEM: Final = Actor.system("accounts")

Known = list[tuple[Passkey, AttestedCredentialData]]


def known(user: User) -> Known:
    """The passkeys of the user, opened to compare an answer with them."""
    rows = Passkey.objects.filter(user=user)
    with _opened(user):
        return [(row, AttestedCredentialData(b64decode(str(row.credential)))) for row in rows]


def named(user: User) -> list[tuple[Passkey, str]]:
    """The passkeys of the user by the names they gave them, for themselves."""
    with uses.own(person=user.person):
        return [(row, str(row.label)) for row in Passkey.objects.filter(user=user)]


@action
def add(user: User, made: AuthenticatorData, *, label: str, actor: Actor) -> list[str]:
    """Take over a new passkey, and tell the person by mail. Returns recovery codes, to be shown
    this once, where there were none.
    """
    if made.credential_data is None:
        raise PasskeyInvalid
    earlier = known(user)
    if len(earlier) >= MOST:
        raise Invalid(
            f"There are {MOST} passkeys already.", do="Remove one that you do not use any more."
        )
    if any(old.credential_id == made.credential_data.credential_id for _, old in earlier):
        raise Invalid("This passkey is here already.", do="Use it to log in.")
    with keeping(user.person, [CREDENTIALS], actor=actor):
        name = made.credential_data.credential_id.hex()
        try:
            with transaction.atomic():
                found = Passkey.objects.create(
                    user=user,
                    person_id=user.person_id,
                    label=label,
                    credential=b64encode(made.credential_data).decode("ascii"),
                    known_as=blind_index(require(CREDENTIALS), CREDENTIALS, name),
                    counter=made.counter,
                    created_at=clock.now(),
                )
        except IntegrityError:
            # WebAuthn level 3, section 7.1, step 26. Whose it is otherwise is not said.
            raise PasskeyInvalid from None
    note(acts.PASSKEY_ADDED, user.person, actor=actor, data=[CREDENTIALS])
    _tell(user, "accounts.passkey-added", found.pk, actor)
    if RecoveryCode.objects.filter(user=user, used_at=None).exists():
        return []
    return new_codes(user)


@action
def remove(user: User, passkey: UUID, *, actor: Actor) -> bool:
    """Take a passkey off the account; False where there is no such one any more."""
    if not Passkey.objects.filter(user=user, pk=passkey).delete()[0]:
        return False
    if not asked_of(user):
        RecoveryCode.objects.filter(user=user).delete()
    note(acts.PASSKEY_REMOVED, user.person, actor=actor, data=[CREDENTIALS])
    cause = Correction.objects.create(user=user, elements=[], at=clock.now())
    _tell(user, "accounts.passkey-removed", cause.pk, actor)
    return True


def log_in_alone(session: SessionBase, sent: str) -> User:
    """Who logs in with nothing but a passkey. Raises `PasskeyInvalid`."""
    owner = ceremonies.owner_of(sent)
    users = User.objects.select_related("person__root", "address")
    user = users.filter(pk=UUID(bytes=owner)).first() if len(owner) == 16 else None  # noqa: PLR2004
    keys: Known = []

    def theirs() -> list[AttestedCredentialData]:
        keys.extend(known(user) if user is not None and user.is_active else [])
        return [key for _, key in keys]

    found, counter = ceremonies.finish_asking(session, sent=sent, known=theirs)
    if user is None:
        raise PasskeyInvalid
    _count(user, keys, found, counter)
    return user


def check(session: SessionBase, user: User, sent: str) -> None:
    """Accept a passkey beside the password. Raises `PasskeyInvalid`."""
    keys = known(user)
    found, counter = ceremonies.finish_asking(
        session, sent=sent, known=lambda: [key for _, key in keys], user=user.pk.bytes
    )
    _count(user, keys, found, counter)


def _count(user: User, keys: Known, found: AttestedCredentialData, counter: int) -> None:
    [row] = [row for row, key in keys if key.credential_id == found.credential_id]
    if not _went_on(row, counter):
        _note_copy(user)
        raise PasskeyInvalid


@action
def _went_on(row: Passkey, counter: int) -> bool:
    """Whether the counter is above where it stood. Devices that do not count say 0 each time."""
    fits = Passkey.objects.filter(pk=row.pk, counter__lt=counter)
    if counter == 0:
        fits = Passkey.objects.filter(pk=row.pk, counter=0)
    return bool(fits.update(counter=counter, used_at=clock.now()))


@action
def _note_copy(user: User) -> None:
    """Put it on the ledger: what is refused is not forgotten."""
    note(acts.PASSKEY_REFUSED, user.person, actor=_SYSTEM)


def _tell(user: User, kind: str, record: UUID, actor: Actor) -> None:
    send(
        user.person,
        kind=kind,
        purpose=account_purpose(),
        actor=actor,
        record=record,
        to=user.address,
    )


@contextmanager
def _opened(user: User) -> Iterator[None]:
    with uses.use(actor=_SYSTEM, purpose=account_purpose(), person=user.person, data=[CREDENTIALS]):
        yield
