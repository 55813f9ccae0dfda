"""Refused log-ins: each is in the security log. Whoever calls from where many came is locked out of
the account for a while; an account at which many were tried from wherever locks for all. Whoever
tries is told nothing of it; the owner gets a mail.

So a stranger who guesses does not keep the owner out: from anywhere else the password works, and
where the whole account is locked, a link in the mail lets the owner's browser in.
"""

from __future__ import annotations

import ipaddress
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.http import HttpRequest

from troth.channels.accounts import acts
from troth.channels.accounts.entries import as_person, note
from troth.channels.accounts.finding import address_digest, user_at
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
from troth.kit.throttle.counting import ThrottleDenied, caller_of, count, counted, throttle

SECURITY: Final = "essential.service.security"
WINDOW: Final = timedelta(minutes=15)
MOST: Final = 8
"""Refused attempts at one account from one caller within an hour, before it is locked out."""
HOUR: Final = 60 * 60
MOST_OF_ALL: Final = 30
"""Refused attempts at one account from wherever within a day, before it locks for everybody."""
DAY: Final = timedelta(days=1)
LOCKED_FOR: Final = timedelta(days=1)
LET_IN: Final = "accounts.let-in"
"""Whose lock does not count in this session, and until when."""
LET_IN_FOR: Final = 60 * 60
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


def slow_down(name: str, caller: str, *, actor: Actor) -> None:
    """Count an attempt at a log-in, by who calls and at whose account. Raises `ThrottleDenied`."""
    digest = address_digest(name, actor=actor)
    throttle("accounts.login.client", caller, limit=60, seconds=15 * 60)
    # By both: somebody's address alone would let everybody keep its owner out.
    throttle("accounts.login.name", f"{digest}|{caller}", limit=10, seconds=15 * 60)


def guess(*, caller: str, most: int = 100) -> tuple[int, int]:
    """Have guesses at a log-in that nobody has counted as a stranger's, and take them back. They
    are in no log, whose keys would stay. Returns at which guess the password was not looked at any
    more, and at which nothing was; 0: at none.
    """
    actor, name = Actor.visitor(), f"{secrets.token_hex(16)}@guess.invalid"
    out = turned_away = 0
    with transaction.atomic():
        for number in range(1, most + 1):
            try:
                slow_down(name, caller, actor=actor)
            except ThrottleDenied:
                turned_away = number
                break
            if not out and _locked_out(None, caller):
                out = number
            count("accounts.refused", _pair(None, caller), seconds=HOUR)
        transaction.set_rollback(True)
    return out, turned_away


def is_locked(user: User) -> bool:
    return user.locked_until is not None and user.locked_until > clock.now()


def is_shut(user: User | None, request: HttpRequest | None) -> bool:
    """Whether the password of this account counts for nothing from where somebody calls."""
    caller = caller_of(request) if request is not None else ""
    # Asked also where there is no such account: what is asked of the database must not tell.
    out = _locked_out(user, caller)
    if user is None or not (out or is_locked(user)):
        return False
    return request is None or not _let_in(user, request)


@action
def let_in(user: User, request: HttpRequest) -> None:
    """Let this browser log in for a while although the account is locked; the link that led here
    is used up.
    """
    User.objects.filter(pk=user.pk).update(let_in_at=clock.now())
    request.session[LET_IN] = [str(user.pk), int(time.time()) + LET_IN_FOR]
    note(acts.LET_IN, user.person, actor=as_person(user.person))


def _let_in(user: User, request: HttpRequest) -> bool:
    session = getattr(request, "session", {})
    whose, until = session.get(LET_IN) or ("", 0)
    return bool(whose == str(user.pk) and time.time() < until)


def _locked_out(user: User | None, caller: str) -> bool:
    return counted("accounts.refused", _pair(user, caller), seconds=HOUR) >= MOST


def _pair(user: User | None, caller: str) -> str:
    """What refused log-ins are counted by. A new password begins anew, as it ends all sessions."""
    return f"{user.pk}|{user.epoch}|{caller}" if user is not None else f"nobody|{caller}"


@action
def refused(*, name: str, what: str, address: str, actor: Actor) -> None:
    """Write a refused log-in into the security log; the account locks when there were too many."""
    note_refused(user_at(name, actor=actor), what=what, address=address, actor=actor)


@action
def note_refused(user: User | None, *, what: str, address: str, actor: Actor) -> None:
    """As `refused`, where the account is known."""
    out = _locked_out(user, address)
    if user is not None and what == Refused.What.PASSWORD and (out or is_locked(user)):
        what = Refused.What.LOCKED
    _write(user, what, short(address), actor, _counted_since(user, WINDOW))
    # Counted also where there is no such account: what is asked of the database must not tell.
    # What was turned away unread guessed nothing, and must not lock whoever it names.
    guessed = what not in (Refused.What.FLOOD, Refused.What.LOCKED)
    tried = count("accounts.refused", _pair(user, address), seconds=HOUR) if guessed else 0
    lines = Refused.objects.filter(user=user, began_at__gt=_counted_since(user, DAY))
    lines = lines.exclude(what__in=(Refused.What.FLOOD, Refused.What.LOCKED))
    tried_of_all = lines.aggregate(all=Sum("count"))["all"] or 0
    if user is None or not user.is_active:
        return
    if (tried_of_all >= MOST_OF_ALL and _lock(user)) or tried == MOST:
        _tell(user, actor)


def _counted_since(user: User | None, window: timedelta) -> datetime:
    """From when on attempts count: what came before a lock ended does not lock again."""
    since = clock.now() - window
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
        person = collecting.carrier()
        collecting.hold(person, [], also=[NETWORK])
        return Source.objects.create(
            began_at=now, person=person, touchpoint=LOG, purpose=purpose, network=network
        )


def _lock(user: User) -> bool:
    """Lock it for everybody. Returns whether it was open: of several at once, one locks it."""
    now = clock.now()
    is_open = Q(locked_until__isnull=True) | Q(locked_until__lte=now)
    return bool(User.objects.filter(is_open, pk=user.pk).update(locked_until=now + LOCKED_FOR))


def _tell(user: User, actor: Actor) -> None:
    """Tell the owner, at most once an hour for callers that are locked out, however many."""
    locked = is_locked(User.objects.get(pk=user.pk))
    if not locked and count("accounts.guessed", str(user.pk), seconds=HOUR) > 1:
        return
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
