"""Keys in and out of the keyring.

Keys of people and of indexes come out only against an `Opening`; an organisation's signing key
serves the ledger, which holds no personal value.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, connections, transaction

from troth.core.errors import Denied, Missing
from troth.core.ids import row_id
from troth.core.keyring.master import Masters, masters
from troth.core.keyring.models import Key
from troth.core.keyring.opening import Opening
from troth.core.keyring.router import ALIAS

BATCH = 5_000
_PERSON = Key.Kind.PERSON.value.encode()
ROTATION_LOCK = 0x74726F74  # "trot"; any number that nothing else here locks


class KeyMissing(Missing):
    """The key was destroyed: what it sealed cannot be read by anyone."""


def binding(key_id: UUID, kind: str, organisation: UUID | None, owner: UUID | None) -> bytes:
    """What a wrapped key is bound to, so that rows of the keyring cannot be exchanged."""
    parts = [key_id.bytes, kind.encode()]
    parts += [part.bytes if part else b"-" for part in (organisation, owner)]
    return b"|".join(parts)


def cipher(key_id: bytes, opening: Opening) -> AESGCM:
    """The cipher of one person's key. Raises `KeyMissing`, `Denied`."""
    found = opening.ciphers.get(key_id)
    if found is None:
        load(opening, key_ids=[UUID(bytes=key_id)])
        found = opening.ciphers.get(key_id)
    if found is None:
        raise KeyMissing(
            "The key of this value is gone.",
            why="The person was erased, or the keyring is not the one of this database.",
        )
    return found


def load(opening: Opening, *, key_ids: Sequence[UUID] = (), owners: Sequence[UUID] = ()) -> None:
    """Fetch keys by id or by owner into `opening`, in a few queries however many they are."""
    ring, organisation = masters(), opening.organisation
    for column, wanted in (("id", key_ids), ("owner", owners)):
        for start in range(0, len(wanted), BATCH):
            for found in _stored(column, wanted[start : start + BATCH], organisation):
                key_id, owner, master, wrapped = found
                if opening.people is not None and UUID(owner) not in opening.people:
                    raise Denied(
                        "A value of somebody else was asked for.",
                        why="The open use names the people it is about.",
                        do="Open a use that names this person too.",
                        clause=opening.clause,
                    )
                name = bytes.fromhex(key_id)
                bound = b"|".join((name, _PERSON, organisation.bytes, bytes.fromhex(owner)))
                secret = ring.unwrap(
                    wrapped, master=master, organisation=organisation, binding=bound
                )
                opening.ciphers[name] = AESGCM(secret)


def _stored(column: str, wanted: Sequence[UUID], organisation: UUID) -> list[Any]:
    """Rows of people's keys: id and owner in 32 hex digits, master key, wrapped key.

    Past the ORM, which would spend more on identifiers than the unwrapping takes.
    """
    connection = connections[ALIAS]
    postgres = connection.vendor == "postgresql"
    columns = "id, owner, master, wrapped"
    if postgres:
        columns = "replace(id::text, '-', ''), replace(owner::text, '-', ''), master, wrapped"
    within = "= ANY(%s::uuid[])" if postgres else "IN (SELECT value FROM json_each(%s))"
    ids = [one.hex for one in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM keyring_key "  # noqa: S608 - all words are ours
            f"WHERE {column} {within} AND organisation = %s AND kind = %s",
            [ids if postgres else json.dumps(ids), organisation.hex, Key.Kind.PERSON.value],
        )
        found: list[Any] = cursor.fetchall()
        return found


def person_key(owner: UUID, organisation: UUID) -> bytes:
    """The id of the person's key to seal with, made if there is none yet."""
    found = (
        Key.objects.filter(owner=owner, organisation=organisation, kind=Key.Kind.PERSON)
        .values_list("id", flat=True)
        .order_by("-id")
        .first()
    )
    return (found or make_person_keys([owner], organisation)[0]).bytes


def make_person_keys(owners: Iterable[UUID], organisation: UUID) -> list[UUID]:
    """Make a data key for each new person; durable before any row is sealed with it."""
    with wrapping() as ring:
        keys = [_new(ring, Key.Kind.PERSON, organisation, owner) for owner in owners]
        Key.objects.bulk_create(keys)
    return [key.pk for key in keys]


def destroy_person_keys(owners: Iterable[UUID], organisation: UUID) -> int:
    """Destroy the keys of these people: what they sealed is gone for good. Returns how many."""
    return Key.objects.filter(
        owner__in=list(owners), organisation=organisation, kind=Key.Kind.PERSON
    ).delete()[0]


def index_key(opening: Opening) -> bytes:
    """The key of the organisation's blind indexes."""
    return _single(Key.Kind.INDEX, opening.organisation)


def signing_key(organisation: UUID) -> Ed25519PrivateKey:
    """The organisation's Ed25519 key (RFC 8032) for checkpoints and receipts."""
    return Ed25519PrivateKey.from_private_bytes(_single(Key.Kind.SIGNING, organisation))


def check_key() -> None:
    """Prove that the master key opens this keyring. Raises `MasterKeyMissing`/`…Invalid`."""
    _single(Key.Kind.CHECK, None)


_singles: dict[tuple[str, UUID | None], bytes] = {}


def _single(kind: Key.Kind, organisation: UUID | None) -> bytes:
    """A key there is one of; made on first asking. Kept in memory for the process's life."""
    if (found := _singles.get((kind.value, organisation))) is not None:
        return found
    row = Key.objects.filter(kind=kind, organisation=organisation).first()
    if row is None:
        row = _make_single(kind, organisation)
    secret = masters().unwrap(
        bytes(row.wrapped),
        master=row.master,
        organisation=organisation,
        binding=binding(row.pk, kind.value, organisation, None),
    )
    _singles[(kind.value, organisation)] = secret
    return secret


def _make_single(kind: Key.Kind, organisation: UUID | None) -> Key:
    try:
        with wrapping() as ring:
            key = _new(ring, kind, organisation, None)
            key.save(force_insert=True)
            return key
    except IntegrityError:  # another process was quicker
        return Key.objects.get(kind=kind, organisation=organisation)


def _new(ring: Masters, kind: Key.Kind, organisation: UUID | None, owner: UUID | None) -> Key:
    key_id = row_id()
    bound = binding(key_id, kind.value, organisation, owner)
    return Key(
        id=key_id,
        organisation=organisation,
        owner=owner,
        kind=kind,
        master=ring.current,
        wrapped=ring.wrap(os.urandom(32), organisation=organisation, binding=bound),
    )


@contextmanager
def wrapping(*, alone: bool = False) -> Iterator[Masters]:
    """A transaction on the keyring in which the master keys do not change.

    Whoever wraps shares it; who retires a master key holds it `alone`, so that no key can be
    wrapped with a master key that is just being thrown away. SQLite's write lock does this by
    itself; PostgreSQL needs an advisory lock.
    """
    with transaction.atomic(using=ALIAS):
        connection = connections[ALIAS]
        if connection.vendor == "postgresql":
            shared = "" if alone else "_shared"
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s)", [ROTATION_LOCK])
        yield masters()
