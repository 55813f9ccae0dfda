"""Counting calls in fixed windows, across all processes, in one statement."""

from __future__ import annotations

import hmac
import time
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db import connections, router
from django.http import HttpRequest

from troth.core.errors import Denied
from troth.core.statements import run
from troth.kit.throttle.models import Count


class ThrottleDenied(Denied):
    """The caller did this too often. `seconds` says when it works again."""

    status = 429

    def __init__(self, seconds: int) -> None:
        minutes = max(1, round(seconds / 60))
        super().__init__(
            "That was too often in a short time.",
            why="Floods are slowed down, so that the site stays there for everybody.",
            do=f"Try again in {minutes} minute{'s' if minutes > 1 else ''}. Nothing was lost.",
        )
        self.seconds = seconds


def throttle(name: str, caller: str, *, limit: int, seconds: int) -> None:
    """Count one call of `name` by `caller`. Raises `ThrottleDenied` above `limit` in `seconds`.

    `caller` may be an address or an identifier: only a digest of it is kept, another one in each
    window, until `forget_past`. Who has the signing key could test a guess against it until then.
    """
    until = _window(seconds)
    if count(name, caller, seconds=seconds) > limit:
        raise ThrottleDenied(until - int(time.time()))


def count(name: str, caller: str, *, seconds: int) -> int:
    """Count one call of `name` by `caller`. Returns how many there were in this window, this one
    with them: no two calls are told the same number.
    """
    until = _window(seconds)
    [(found,)] = run(
        connections[router.db_for_write(Count)],
        'INSERT INTO throttle_count (key, "window", count) VALUES (%s, %s, 1) '
        "ON CONFLICT (key) DO UPDATE SET count = throttle_count.count + 1 RETURNING count",
        [_key(name, caller, until), until],
    )
    return int(found)


def counted(name: str, caller: str, *, seconds: int) -> int:
    """How many calls of `name` by `caller` there were in this window. Counts none itself."""
    key = _key(name, caller, _window(seconds))
    return Count.objects.filter(key=key).values_list("count", flat=True).first() or 0


def _window(seconds: int) -> int:
    """When the window that we are in ends, in seconds since 1970."""
    now = int(time.time())
    return now - now % seconds + seconds


def _key(name: str, caller: str, until: int) -> bytes:
    text = f"throttle|{name}|{until}|{caller}"
    return hmac.digest(settings.SECRET_KEY.encode(), text.encode(), sha256)[:16]


def forget_past() -> None:
    """Remove what was counted in windows that have ended. The worker does so every few minutes."""
    Count.objects.filter(window__lte=int(time.time())).delete()


def caller_of(request: HttpRequest) -> str:
    """Who calls, as far as the network tells: an IPv4 address, or the first of an IPv6 /64.

    One subscriber has a whole /64 (RFC 6177 section 2) and could call from each address of it.
    Behind a proxy it is the address the proxy saw: the last it wrote, since the others are hearsay.
    """
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    return network_of(str(request.META.get("REMOTE_ADDR", "")), forwarded)


def network_of(found: str, forwarded: str) -> str:
    """As `caller_of`, by the address of the connection and what X-Forwarded-For says."""
    if settings.HOME.flag("behind_proxy"):
        found = forwarded.rpartition(",")[2].strip() or found
    try:
        address = ip_address(found)
    except ValueError:
        return found
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address), 64), strict=False).network_address)
    return str(address)
