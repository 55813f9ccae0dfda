"""The organisation's DKIM key. It lives in the keyring, wrapped like every other key."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from uuid import UUID

from troth.core.organisations.scope import current_organisation_id
from troth.kit.keys import kept
from troth.kit.mail.dkim import Signer, new_key

SELECTOR: Final = "troth"


def signer(domain: str) -> Signer:
    """What signs for the organisation in scope; its key is made when it is first asked for."""
    return _signer(current_organisation_id(), domain)


@lru_cache(maxsize=64)
def _signer(organisation: UUID, domain: str) -> Signer:
    return Signer(domain, SELECTOR, kept("dkim", organisation, new_key))
