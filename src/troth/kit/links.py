"""Signed links, which let their bearer do one thing without a log-in; and addresses for mails.

A token holds an opaque reference, a time and a MAC (Django's signing: HMAC-SHA256 with a key
derived from `SECRET_KEY` and the salt below). Each purpose of a link has a salt of its own, so a
link made for one page opens no other. Keys in `SECRET_KEY_FALLBACKS` still open what they signed.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner

from troth.core.errors import Missing
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import current_organisation_id

LONGEST = 300


class LinkInvalid(Missing):
    """The link is forged, too old or damaged. It does not say which, so guessing tells nothing."""

    def __init__(self) -> None:
        super().__init__(
            "This link does not work.",
            why="It is incomplete, too old, or was never given out.",
            do="Ask for a new one.",
        )


def sign(purpose_of_link: str, ref: str) -> str:
    """A URL-safe token for `ref`, which has to be opaque: the token does not hide it."""
    return _signer(purpose_of_link).sign(ref)


def read(token: str, purpose_of_link: str, max_age: timedelta) -> str:
    """The reference inside. Raises `LinkInvalid` for anything but a token of ours, young enough."""
    if len(token) > LONGEST:
        raise LinkInvalid
    try:
        return _signer(purpose_of_link).unsign(token, max_age=max_age)
    except BadSignature:
        raise LinkInvalid from None


def _signer(purpose_of_link: str) -> TimestampSigner:
    return TimestampSigner(sep="~", salt=f"troth.kit.links:{purpose_of_link}")


def absolute(path: str) -> str:
    """The full address of a page of the organisation in scope, for mails.

    Its own host name if it has one, else the installation's `url` setting.
    """
    host = Organisation.objects.values_list("host", flat=True).get(pk=current_organisation_id())
    scheme = "https" if settings.SESSION_COOKIE_SECURE else "http"
    base = f"{scheme}://{host}" if host else settings.HOME.option("url", "http://127.0.0.1:8000")
    return f"{base.rstrip('/')}{path}"
