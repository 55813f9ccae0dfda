"""The second factor: codes by time (RFC 6238) from the person's own device, and recovery codes."""

from __future__ import annotations

import secrets
import time
from base64 import b32decode, b32encode
from hmac import compare_digest
from typing import Final
from urllib.parse import quote, urlencode

import segno
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe
from django_otp.oath import hotp  # type: ignore[import-untyped]

from troth.channels.accounts import acts
from troth.channels.accounts.entries import note
from troth.channels.accounts.grounds import CREDENTIALS, account_purpose, keeping
from troth.channels.accounts.models import Passkey, RecoveryCode, SecondFactor, User
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate import uses
from troth.kit.outbox.api import send

STEP: Final = 30
DIGITS: Final = 6
CODES: Final = 10
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_SYSTEM: Final = Actor.system("accounts")


class CodeInvalid(Invalid):
    """The code is not the one the device shows now, or was used before."""

    def __init__(self) -> None:
        super().__init__(
            "This code does not fit.",
            why="It is mistyped, too old, or was used already.",
            do="Wait for the next one and type that.",
        )


def factor_of(user: User) -> SecondFactor | None:
    """The second factor that log-in asks for, if the person has switched one on."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()


def asked_of(user: User) -> bool:
    """Whether log-in asks for more than the password: a code, or one of their passkeys."""
    return factor_of(user) is not None or Passkey.objects.filter(user=user).exists()


@action
def prepare(user: User, *, actor: Actor) -> SecondFactor:
    """A new secret, not asked for yet; the one prepared before is kept until it is confirmed."""
    found = SecondFactor.objects.filter(user=user).first()
    if found is not None:
        return found
    with keeping(user.person, [CREDENTIALS], actor=actor):
        return SecondFactor.objects.create(
            user=user,
            person_id=user.person_id,
            created_at=clock.now(),
            secret=b32encode(secrets.token_bytes(20)).decode("ascii"),
        )


def secret_of(factor: SecondFactor) -> str:
    """The secret, for the person's own device, and for checking a code."""
    with uses.use(
        actor=_SYSTEM, purpose=account_purpose(), person=factor.user.person, data=[CREDENTIALS]
    ):
        return str(factor.secret)


def address(secret: str, *, issuer: str, label: str) -> str:
    """The `otpauth:` address that code generators read."""
    query = urlencode({"secret": secret, "issuer": issuer, "digits": DIGITS, "period": STEP})
    return f"otpauth://totp/{quote(f'{issuer}:{label}')}?{query}"


def picture(text: str) -> SafeString:
    """A QR code as inline SVG: attributes alone, as the page's policy wants it."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(scale=5, border=3, dark="#000", light="#fff")
    return mark_safe(drawn)  # noqa: S308 - drawn from modules, holds no text


@action
def confirm(factor: SecondFactor, code: str, *, actor: Actor) -> list[str]:
    """Switch it on with a first code; returns the recovery codes, which are shown this once."""
    _check(factor, code)
    SecondFactor.objects.filter(pk=factor.pk).update(confirmed_at=clock.now())
    note(acts.FACTOR_ON, factor.user.person, actor=actor, data=[CREDENTIALS])
    send(
        factor.user.person,
        kind="accounts.factor-on",
        purpose=account_purpose(),
        actor=actor,
        record=factor.pk,
        to=factor.user.address,
    )
    return new_codes(factor.user)


@action
def switch_off(user: User, *, actor: Actor) -> None:
    """Log-in asks for no code any more; a passkey it still asks for, if there is one."""
    if not SecondFactor.objects.filter(user=user).delete()[0]:
        return
    if not asked_of(user):
        RecoveryCode.objects.filter(user=user).delete()
    note(acts.FACTOR_OFF, user.person, actor=actor, data=[CREDENTIALS])
    send(
        user.person,
        kind="accounts.factor-off",
        purpose=account_purpose(),
        actor=actor,
        record=user.pk,
        to=user.address,
    )


@action
def check(user: User, code: str) -> None:
    """Accept a code of the device or a recovery code, each once. Raises `CodeInvalid`."""
    factor = factor_of(user)
    if len(code) > DIGITS:
        _use_recovery(user, code)
    elif factor is not None:
        _check(factor, code)
    else:
        raise CodeInvalid


def new_codes(user: User) -> list[str]:
    """Replace the recovery codes. Each has 50 bits of chance; only digests are kept."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, organisation_id=user.organisation_id, digest=_digest(user, code))
        for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _use_recovery(user: User, code: str) -> None:
    plain = "".join(filter(str.isalnum, code.lower()))
    used = RecoveryCode.objects.filter(user=user, digest=_digest(user, plain), used_at=None).update(
        used_at=clock.now()
    )
    if not used:
        raise CodeInvalid
    note(acts.RECOVERY_USED, user.person, actor=_SYSTEM)


def _digest(user: User, code: str) -> str:
    return salted_hmac(
        "troth.accounts.recovery", f"{user.pk}|{code}", algorithm="sha256"
    ).hexdigest()


def _check(factor: SecondFactor, code: str) -> None:
    """One step of drift either way; the step has to be later than any that counted before."""
    key, now = b32decode(secret_of(factor)), int(time.time()) // STEP + factor.drift
    found = None
    for offset in (-1, 0, 1):  # all three are worked out, so that the time tells nothing
        shown = str(hotp(key, now + offset, DIGITS)).zfill(DIGITS)
        if compare_digest(shown.encode(), code.encode()) and now + offset > factor.last_step:
            found = offset
    if found is None:
        raise CodeInvalid
    won = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=now + found).update(
        last_step=now + found, drift=factor.drift + found
    )
    if not won:  # the same code at the same moment, twice
        raise CodeInvalid
