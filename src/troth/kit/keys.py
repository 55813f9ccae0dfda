"""Keys of the parts: each part may keep one secret an organisation (or one of the installation) in
the keyring, wrapped like every other key and following its rotation.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

from django.db import IntegrityError

from troth.core.ids import row_id
from troth.core.keyring.models import Key
from troth.core.keyring.store import binding, wrapping


@lru_cache(maxsize=256)
def kept(kind: str, organisation: UUID | None, make: Callable[[], bytes]) -> bytes:
    """The secret of this kind (at most eight letters); made when it is first asked for."""
    row = Key.objects.filter(kind=kind, organisation=organisation).first()
    if row is None:
        row = _made(kind, organisation, make())
    with wrapping() as ring:
        return ring.unwrap(
            bytes(row.wrapped),
            master=row.master,
            organisation=organisation,
            binding=binding(row.pk, kind, organisation, None),
        )


def _made(kind: str, organisation: UUID | None, secret: bytes) -> Key:
    key_id = row_id()
    try:
        with wrapping() as ring:
            bound = binding(key_id, kind, organisation, None)
            return Key.objects.create(
                id=key_id,
                organisation=organisation,
                owner=None,
                kind=kind,
                master=ring.current,
                wrapped=ring.wrap(secret, organisation=organisation, binding=bound),
            )
    except IntegrityError:  # another process was quicker
        return Key.objects.get(kind=kind, organisation=organisation)
