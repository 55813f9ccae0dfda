"""Keys in and out of the keyring.

Keys of people and of indexes come out only against an `Opening`; an organisation's signing key
serves the ledger, which holds no personal value.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, connections, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from troth.core.among import Ids
from troth.core.asking import ask_all, read_rows
from troth.core.errors import Denied, Missing
from troth.core.ids import row_id
from troth.core.inserting import insert
from troth.core.keyring import erasures
from troth.core.keyring.master import Masters, masters, unwrapped
from troth.core.keyring.models import Key
from troth.core.keyring.opening import Opening
from troth.core.keyring.router import ALIAS

logger = logging.getLogger(__name__)
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
        _load_one(opening, UUID(bytes=key_id))
        found = opening.ciphers.get(key_id)
    if found is None:
        raise KeyMissing(
            "The key of this value is gone.",
            why="The person was erased, or the keyring is not the one of this database.",
        )
    return found


def load(
    opening: Opening,
    *,
    key_ids: Collection[UUID] = (),
    owners: Collection[UUID] | Ids = (),
) -> None:
    """Fetch keys by id or by owner into `opening`, in one query however many they are."""
    if opening.closed:
        raise Denied("The use that would open this is over.", do="Read inside the block.")
    which = Q(id__among=key_ids) if key_ids else Q(owner__among=owners)
    if key_ids or owners:
        _load(opening, which)


def _load_one(opening: Opening, key_id: UUID) -> None:
    """As `load` of one id, which is what reading one person comes to."""
    if opening.closed:
        raise Denied("The use that would open this is over.", do="Read inside the block.")
    names = ("owner", "master", "wrapped")
    wanted = {"id": key_id, "organisation": opening.organisation, "kind": Key.Kind.PERSON}
    for owner, master, wrapped in read_rows(Key, names, 1, **wanted):
        if opening.people is not None and owner not in opening.people:
            raise _of_another(opening)
        branch = masters().branch(master, opening.organisation)
        bound = binding(key_id, Key.Kind.PERSON.value, opening.organisation, owner)
        opening.ciphers[key_id.bytes] = AESGCM(unwrapped(branch, bytes(wrapped), bound))


def _of_another(opening: Opening) -> Denied:
    return Denied(
        "A value of somebody else was asked for.",
        why="The open use names the people it is about.",
        do="Open a use that names this person too.",
        clause=opening.clause,
    )


def load_to_seal(opening: Opening, owners: Collection[UUID]) -> None:
    """Fetch the newest key of each of these people, to seal their values with. One query."""
    if opening.closed:
        raise Denied("The use that would seal this is over.", do="Write inside the block.")
    wanted = [owner for owner in owners if owner not in opening.sealing_keys]
    if not wanted:
        return
    newest: dict[bytes, bytes] = {}
    for key, owner in _load(opening, Q(owner__among=wanted)):
        newest[owner] = max(key, newest.get(owner, b""))
    opening.sealing_keys.update((UUID(bytes=owner), key) for owner, key in newest.items())


def _load(opening: Opening, which: Q) -> list[tuple[bytes, bytes]]:
    """Fetch keys into `opening`; returns the id of each with its owner's."""
    found: list[tuple[bytes, bytes]] = []
    ring, organisation = masters(), opening.organisation
    last, branch, fromhex = ring.current, ring.branch(ring.current, organisation), bytes.fromhex
    # As text, since making a UUID of each would take longer than the unwrapping.
    rows = Key.objects.filter(which, organisation=organisation, kind=Key.Kind.PERSON).values_list(
        Cast("id", TextField()), Cast("owner", TextField()), "master", "wrapped"
    )
    anybody, named, ciphers = opening.people is None, opening.named, opening.ciphers
    between = b"|" + _PERSON + b"|" + opening.organisation_bytes + b"|"
    dashes = connections[ALIAS].vendor == "postgresql"
    for key_id, owner, master, wrapped in rows.iterator(chunk_size=BATCH):
        if dashes:
            key_id, owner = key_id.replace("-", ""), owner.replace("-", "")  # noqa: PLW2901
        if not (anybody or int(owner, 16) in named):
            raise _of_another(opening)
        if master != last:
            last, branch = master, ring.branch(master, organisation)
        key, person = fromhex(key_id), fromhex(owner)
        ciphers[key] = AESGCM(unwrapped(branch, wrapped, key + between + person))
        found.append((key, person))
    return found


def person_key(owner: UUID, organisation: UUID) -> bytes:
    """The id of the person's key to seal with, made if there is none yet."""
    found = ask_all(Key, "id", owner=owner, organisation=organisation, kind=Key.Kind.PERSON)
    return (max(found, default=None) or make_person_keys([owner], organisation)[0]).bytes


def make_person_keys(
    owners: Sequence[UUID], organisation: UUID, opening: Opening | None = None
) -> list[UUID]:
    """Make a data key for each new person; durable before any row is sealed with it.

    `opening` is given where something is sealed with them at once.
    """
    secrets = [os.urandom(32) for _ in owners]
    with wrapping() as ring:
        keys = [
            _new(ring, Key.Kind.PERSON, organisation, owner, secret)
            for owner, secret in zip(owners, secrets, strict=True)
        ]
        insert(keys)
    if opening is not None:
        for key, owner, secret in zip(keys, owners, secrets, strict=True):
            opening.sealing_keys[owner] = key.pk.bytes
            opening.ciphers[key.pk.bytes] = AESGCM(secret)
    return [key.pk for key in keys]


def destroy_person_keys(
    owners: Iterable[UUID],
    organisation: UUID,
    *,
    act: str = "",
    entry: str = "",
    but: Collection[UUID] = (),
) -> int:
    """Destroy the keys of these people: what they sealed is gone for good. Returns how many.

    It is told in the erasure log first, so that a restored backup loses them again: `act` names
    what else is to be done then (`erasures.on_replay`), `entry` is the act's entry on the ledger.
    The keys in `but` stay: they were made for values that have to stay readable.
    On SQLite they leave the write-ahead log too, as soon as the deletion is committed.
    """
    who, gone = list(dict.fromkeys(owners)), 0
    mine = Key.objects.filter(owner__among=who, organisation=organisation, kind=Key.Kind.PERSON)
    mine = mine.exclude(pk__in=but) if but else mine
    signer = signing_key(organisation)
    with transaction.atomic(using=ALIAS):
        while found := list(mine.values_list("id", "owner")):
            of: dict[UUID, list[UUID]] = {}
            for key, owner in found:
                if owner is not None:  # a person's key has one
                    of.setdefault(owner, []).append(key)
            erasures.note(
                organisation=organisation,
                owners=[one for one in who if one in of],
                keys=of,
                key=signer,
                act=act,
                entry=entry,
            )
            gone += Key.objects.filter(id__among=[key for key, _ in found]).delete()[0]
    transaction.on_commit(_empty_log, using=ALIAS)
    return gone


def _empty_log() -> None:
    """Write SQLite's log into its file, where `secure_delete` overwrites, and cut it to nothing."""
    connection = connections[ALIAS]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for _ in range(3):  # each waits for readers as long as any statement does
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if not cursor.fetchone()[0]:
                return
    logger.error("Destroyed keys are still in the keyring's write-ahead log; it was in use.")


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


def forget_singles() -> None:
    """Ask the keyring again: it is another one now."""
    _singles.clear()


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
            key = _new(ring, kind, organisation, None, os.urandom(32))
            key.save(force_insert=True)
            return key
    except IntegrityError:  # another process was quicker
        return Key.objects.get(kind=kind, organisation=organisation)


def _new(
    ring: Masters, kind: Key.Kind, organisation: UUID | None, owner: UUID | None, secret: bytes
) -> Key:
    key_id = row_id()
    bound = binding(key_id, kind.value, organisation, owner)
    return Key(
        id=key_id,
        organisation=organisation,
        owner=owner,
        kind=kind,
        master=ring.current,
        wrapped=ring.wrap(secret, organisation=organisation, binding=bound),
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
