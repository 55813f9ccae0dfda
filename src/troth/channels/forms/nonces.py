"""The mark of a page of ours: says which form, in which version, was shown when, and only once.

It stands in for the CSRF cookie on public forms, which therefore work inside another site's page
and set no cookie. A form without it, or with one that is old or forged, is not accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner

from troth.core.errors import Invalid
from troth.core.ids import opaque_ref

LIFE = timedelta(hours=12)
_signer = TimestampSigner(salt="troth.forms.nonce", sep="~")


class NonceInvalid(Invalid):
    """The form did not come from a page of ours, or the page was open for too long."""

    def __init__(self) -> None:
        super().__init__(
            "The form could not be accepted this way.",
            why="It did not carry the mark of a page of ours, or the page was open too long.",
            do="Look it over and send it again from here.",
        )


@dataclass(frozen=True, slots=True)
class Nonce:
    """What the mark says."""

    touchpoint: str
    version: str
    random: str


def make(touchpoint: str, version: str) -> str:
    return _signer.sign_object([touchpoint, version, opaque_ref()])


def read(token: str, touchpoint: str) -> Nonce:
    """Raises `NonceInvalid`."""
    try:
        parts = _signer.unsign_object(token[:500], max_age=LIFE)
    except (BadSignature, ValueError, UnicodeError):
        raise NonceInvalid from None
    nonce = Nonce(*map(str, parts))
    if nonce.touchpoint != touchpoint:
        raise NonceInvalid
    return nonce
