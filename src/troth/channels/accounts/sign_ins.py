"""Sessions: beginning one, seeing the others, ending them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from importlib import import_module
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet

from troth.channels.accounts import acts
from troth.channels.accounts.devices import Device
from troth.channels.accounts.entries import note
from troth.channels.accounts.grounds import DEVICE, NETWORK, account_purpose, keeping, may_keep
from troth.channels.accounts.models import SignIn, User
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.kit.outbox.api import send

IDLE: Final = timedelta(minutes=30)
SEEN_EVERY: Final = timedelta(minutes=1)
REMEMBERED: Final = timedelta(days=90)
"""How long a log-in is kept to know its device again."""


@action
def begin(user: User, device: Device, *, actor: Actor, session_key: str) -> SignIn:
    """Record a log-in. A device not seen before is told of by mail, but for the very first."""
    now = clock.now()
    earlier = SignIn.objects.filter(user=user)
    found = SignIn(
        user=user,
        person_id=user.person_id,
        session_key=session_key,
        started_at=now,
        last_seen_at=now,
    )
    # Of an old account the first log-ins are forgotten, so there anything unknown is a stranger.
    known = not earlier.exists() and user.created_at > now - REMEMBERED
    if may_keep(DEVICE, NETWORK):
        with keeping(user.person, [DEVICE, NETWORK], actor=actor):
            same = earlier.filter(device=device.label, network=device.network)
            known = known or same.exists()
            found.device, found.network = device.label, device.network
            found.save(force_insert=True)
    else:
        found.save(force_insert=True)
    note(acts.SIGNED_IN, user.person, actor=actor)
    if not known:
        send(
            user.person,
            kind="accounts.new-device",
            purpose=account_purpose(),
            actor=actor,
            record=found.pk,
            to=user.address,
        )
    return found


def live(user: User) -> QuerySet[SignIn]:
    """The sessions that still count, last seen first."""
    return SignIn.objects.filter(user=user, ended_at=None, last_seen_at__gt=clock.now() - IDLE)


@action
def end(user: User, sign_ins: Iterable[SignIn], *, actor: Actor) -> int:
    """End these sessions of the user. Returns how many were still open."""
    open_ones = [one for one in sign_ins if one.user_id == user.pk and one.ended_at is None]
    if open_ones:
        SignIn.objects.filter(pk__in=[one.pk for one in open_ones]).update(ended_at=clock.now())
        for one in open_ones:
            drop(one.session_key)
        note(acts.SIGNED_OUT, user.person, actor=actor, count=len(open_ones))
    return len(open_ones)


@action
def end_all(user: User, *, actor: Actor) -> int:
    """End every session of the user, also any this table does not know of."""
    User.objects.filter(pk=user.pk).update(epoch=F("epoch") + 1)
    user.epoch += 1
    return end(user, SignIn.objects.filter(user=user, ended_at=None), actor=actor)


def seen(sign_in: SignIn) -> bool:
    """Note that the session is in use; False when it was ended or left idle for too long."""
    now = clock.now()
    if sign_in.ended_at is not None or now - sign_in.last_seen_at > IDLE:
        return False
    if now - sign_in.last_seen_at > SEEN_EVERY:
        SignIn.objects.filter(pk=sign_in.pk).update(last_seen_at=now)
    return True


def lives(mark: str, user: UUID) -> bool:
    """Whether the log-in of this mark is the user's, and neither ended nor idle for too long."""
    alive = SignIn.objects.filter(user=user, ended_at=None, last_seen_at__gt=clock.now() - IDLE)
    return bool(mark) and alive.filter(pk=mark).exists()


def drop(session_key: str) -> None:
    """Take a session out of its store."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore(session_key or None)
    store.delete()
