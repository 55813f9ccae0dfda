"""Rotation: a new master key, and every key wrapped anew with it, while the site runs."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from troth.core.errors import Denied
from troth.core.keyring import master as master_keys
from troth.core.keyring.models import Key
from troth.core.keyring.store import binding, wrapping

BATCH = 2_000


def rotate(progress: Callable[[int, int], None] = lambda _done, _all: None) -> int:
    """Make a new master key current, re-wrap all keys, retire the old. Returns how many.

    Safe to repeat: after a crash the next run goes on with what is still under an old key, and
    an old master key leaves the file only when nothing is wrapped with it any more.
    """
    path = settings.HOME.master_key_file
    if not path.exists():
        raise Denied(
            "The master key comes from the environment, so it cannot be rotated here.",
            why="Troth replaces the key file; it cannot change your environment.",
            do="Keep the master key in a file (TROTH_MASTER_KEY_FILE) and run this again.",
        )
    lines = master_keys.lines(path.read_text("utf-8"))
    if len(lines) == 1:  # more than one: an earlier rotation was cut short, go on with it
        master_keys.write(path, [master_keys.new_line(), *lines])
    current = master_keys.masters().current
    total, done = Key.objects.exclude(master=current).count(), 0
    while True:
        while moved := _move_batch(current):
            done += moved
            progress(done, total)
        with wrapping(alone=True):
            if not Key.objects.exclude(master=current).exists():
                master_keys.write(path, master_keys.lines(path.read_text("utf-8"))[:1])
                return done


def _move_batch(current: str) -> int:
    with wrapping() as ring:
        rows = list(Key.objects.select_for_update().exclude(master=current)[:BATCH])
        for row in rows:
            bound = binding(row.pk, row.kind, row.organisation, row.owner)
            secret = ring.unwrap(
                bytes(row.wrapped), master=row.master, organisation=row.organisation, binding=bound
            )
            row.wrapped = ring.wrap(secret, organisation=row.organisation, binding=bound)
            row.master = current
        Key.objects.bulk_update(rows, ["wrapped", "master"], batch_size=500)
    return len(rows)
