"""Tokens that stand for one copy: in links, in return paths and in Message-IDs.

The short one is `number` and a MAC of 80 bits, in letters that survive the local part of an
address whatever a server does to their case.
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.utils.crypto import salted_hmac

from troth.channels.campaigns.models import Campaign, Copy
from troth.core.errors import Missing

_SHORT: Final = re.compile(r"([0-9]{1,18})-([0-9a-f]{20})", re.ASCII)
_MESSAGE_ID: Final = re.compile(r"([0-9]{1,18})\.([0-9a-f]{32})@", re.ASCII)


class CopyMissing(Missing):
    """The token is forged or damaged, or what it stood for is gone. It does not say which."""

    def __init__(self) -> None:
        super().__init__(
            "This link does not work.",
            why="It is incomplete, or what it belongs to is gone.",
            do="Use the link of a newer letter, or the page of your choices.",
        )


def short(copy: int) -> str:
    """The token of a copy, for links and return paths."""
    return f"{copy}-{_mac(copy)}"


def copy_of(token: str) -> Copy:
    """The copy, in whichever organisation is in scope. Raises `CopyMissing`."""
    match = _SHORT.search(token.lower())
    if match is None or not hmac.compare_digest(match[2], _mac(int(match[1]))):
        raise CopyMissing
    return found(int(match[1]))


def message_id(key: bytes, copy: int, person: UUID) -> str:
    """Deterministic for a copy, so that a repeat is recognisable; it tells nothing of the person.

    HMAC-SHA256 (RFC 2104) of the person under the campaign's key, without domain and brackets.
    """
    return f"{copy}.{hmac.digest(key, person.bytes, sha256)[:16].hex()}"


def copy_of_message(text: str) -> Copy:
    """The copy whose Message-ID stands in `text`. Raises `CopyMissing`."""
    match = _MESSAGE_ID.search(text.lower())
    if match is None:
        raise CopyMissing
    copy = found(int(match[1]))
    key = bytes(Campaign.objects.values_list("key", flat=True).get(pk=copy.campaign_id))
    if message_id(key, copy.pk, copy.person_id) != f"{match[1]}.{match[2]}":
        raise CopyMissing
    return copy


def found(number: int) -> Copy:
    """The copy of this number. Raises `CopyMissing`."""
    copy = Copy.objects.select_related("campaign", "person").filter(pk=number).first()
    if copy is None:
        raise CopyMissing
    return copy


def _mac(copy: int) -> str:
    digest = salted_hmac("troth.campaigns.copy", str(copy), algorithm="sha256").hexdigest()
    return digest[:20]
