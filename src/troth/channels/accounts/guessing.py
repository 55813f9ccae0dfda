"""Refused log-ins: each is in the security log, and an account that many were tried at locks for a
while. Whoever tries is told nothing of it; the owner gets a mail.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, QuerySet, Sum

from troth.channels.accounts import acts
from troth.channels.accounts.entries import note
from troth.channels.accounts.finding import user_at
from troth.channels.accounts.grounds import NETWORK, account_purpose
from troth.channels.accounts.models import Refused, Source, User
from troth.channels.web.api import LOG
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied
from troth.core.gate import uses
from troth.core.gate.collecting import collect
from troth.core.notices.versions import current
from troth.core.organisations.opening import is_open
from troth.core.organisations.scope import current_organisation_id
from troth.kit.outbox.api import send

SECURITY: Final = "essential.service.security"
WINDOW: Final = timedelta(minutes=15)
MOST: Final = 8
"""Refused attempts at one account within the window, before it locks."""
LOCKED_FOR: Final = timedelta(hours=1)
KEPT: Final = timedelta(days=90)
"""How long a line without a network stays; one with a network stays as the policy says."""


def security_purpose() -> str:
    """The key of the purpose that the log serves, if the policy keeps networks for it."""
    rules = current().rules
    for key, purpose in rules.purposes.items():
        if purpose.use == SECURITY and rules.find("collect", key, NETWORK, LOG).allowed:
            return key
    return ""


def short(address: str) -> str:
    """The /24 of an IPv4 address, the /48 of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))  # noqa: PLR2004


def is_locked(user: User) -> bool:
    return user.locked_until is not None and user.locked_until > clock.now()


@action
def refused(*, name: str, what: str, address: str, actor: Actor) -> None:
    """Write a refused log-in into the security log; the account locks when there were too many."""
    note_refused(user_at(name, actor=actor), what=what, address=address, actor=actor)


@action
def note_refused(user: User | None, *, what: str, address: str, actor: Actor) -> None:
    """As `refused`, where the account is known."""
    if user is not None and what == Refused.What.PASSWORD and is_locked(user):
        what = Refused.What.LOCKED
    since = _counted_since(user)
    _write(user, what, short(address), actor, since)
    # Counted also where there is no such account: what is asked of the database must not tell.
    # What was turned away unread guessed nothing, and must not lock whoever it names.
    lines = Refused.objects.filter(user=user, began_at__gt=since).exclude(what=Refused.What.FLOOD)
    tried = lines.aggregate(all=Sum("count"))["all"]
    if user is None or is_locked(user) or not user.is_active:
        return
    if tried and tried >= MOST:
        _lock(user, actor)


def _counted_since(user: User | None) -> datetime:
    """From when on attempts count: what came before a lock ended does not lock again."""
    since = clock.now() - WINDOW
    ended = user.locked_until if user is not None and not is_locked(user) else None
    return max(since, ended) if ended else since


def _write(user: User | None, what: str, network: str, actor: Actor, since: datetime) -> None:
    """One more in the line of this quarter of an hour, or the first of a new one."""
    now, here = clock.now(), current_organisation_id()
    # Before a client accepted its contract nothing is collected, and its staff logs in already.
    purpose = security_purpose() if is_open(here) else ""
    source = _source(network, purpose, actor) if purpose else None
    lines = Refused.objects.filter(user=user, what=what, source=source, began_at__gt=since)
    if not lines.update(count=F("count") + 1, last_at=now):
        Refused.objects.create(user=user, what=what, source=source, began_at=now, last_at=now)


def _source(network: str, purpose: str, actor: Actor) -> Source:
    now = clock.now()
    with collect(actor=actor, touchpoint=LOG, data=[NETWORK]) as collecting:
        found = Source.objects.filter(began_at__gt=now - WINDOW, network=network).first()
        if found is not None:
            return found
        person = collecting.person([])
        collecting.hold(person, [], also=[NETWORK])
        return Source.objects.create(
            began_at=now, person=person, touchpoint=LOG, purpose=purpose, network=network
        )


def _lock(user: User, actor: Actor) -> None:
    user.locked_until = clock.now() + LOCKED_FOR
    user.save(update_fields=["locked_until"])
    note(acts.GUESSED, user.person, actor=actor)
    send(
        user.person,
        kind="accounts.guessed",
        purpose=account_purpose(),
        actor=actor,
        record=user.pk,
        to=user.address,
    )


def since(moment: datetime) -> QuerySet[Refused]:
    """The lines of the log from `moment` on, the newest first."""
    found = Refused.objects.filter(last_at__gte=moment)
    return found.select_related("user__person__root", "source")


@contextmanager
def networks_open(lines: list[Refused], *, actor: Actor, purpose: str) -> Iterator[None]:
    """Open the networks of these lines, for the purpose of the log alone. Raises `Denied`."""
    if purpose != security_purpose():
        raise Denied("The security log opens for its own purpose alone.")
    people = {one.source.person_id for one in lines if one.source}
    with uses.use_audience(actor=actor, purpose=purpose, data=[NETWORK], among=people):
        yield


def forget_old() -> None:
    """Remove lines without a network that are old. Those with one end by the policy's period."""
    Refused.objects.filter(source=None, last_at__lt=clock.now() - KEPT).delete()
