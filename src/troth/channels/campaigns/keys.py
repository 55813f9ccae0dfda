"""The organisation's DKIM key. It lives in the keyring, wrapped like every other key."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db import IntegrityError

from troth.core.ids import row_id
from troth.core.keyring.models import Key
from troth.core.keyring.store import binding, wrapping
from troth.core.organisations.scope import current_organisation_id
from troth.kit.mail.dkim import Signer, new_key

KIND: Final = "dkim"
SELECTOR: Final = "troth"


def signer(domain: str) -> Signer:
    """What signs for the organisation in scope; its key is made when it is first asked for."""
    return _signer(current_organisation_id(), domain)


@lru_cache(maxsize=64)
def _signer(organisation: UUID, domain: str) -> Signer:
    row = Key.objects.filter(kind=KIND, organisation=organisation).first()
    if row is None:
        row = _made(organisation)
    with wrapping() as ring:
        der = ring.unwrap(
            bytes(row.wrapped),
            master=row.master,
            organisation=organisation,
            binding=binding(row.pk, KIND, organisation, None),
        )
    return Signer(domain, SELECTOR, der)


def _made(organisation: UUID) -> Key:
    der, key_id = new_key(), row_id()
    try:
        with wrapping() as ring:
            bound = binding(key_id, KIND, organisation, None)
            return Key.objects.create(
                id=key_id,
                organisation=organisation,
                owner=None,
                kind=KIND,
                master=ring.current,
                wrapped=ring.wrap(der, organisation=organisation, binding=bound),
            )
    except IntegrityError:  # another process was quicker
        return Key.objects.get(kind=KIND, organisation=organisation)
