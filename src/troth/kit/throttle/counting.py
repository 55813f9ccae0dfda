"""Counting calls in fixed windows, across all processes, in one statement."""

from __future__ import annotations

import hmac
import time
from hashlib import sha256

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from troth.core.errors import Denied


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

    `caller` may be an address or an identifier: only a digest of it is kept, under a key that
    changes every day.
    """
    now = int(time.time())
    window = now // seconds
    day = now // 86_400
    key = hmac.digest(
        settings.SECRET_KEY.encode(), f"throttle|{day}|{name}|{caller}".encode(), sha256
    )[:16]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO throttle_count (key, window_, count) VALUES (%s, %s, 1) "
            "ON CONFLICT (key) DO UPDATE SET count = CASE WHEN throttle_count.window_ = "
            "excluded.window_ THEN throttle_count.count + 1 ELSE 1 END, "
            "window_ = excluded.window_ RETURNING count".replace("window_", '"window"'),
            [key, window],
        )
        count = cursor.fetchone()[0]
    if count > limit:
        raise ThrottleDenied((window + 1) * seconds - now)


def caller_of(request: HttpRequest) -> str:
    """Who calls, as far as the network tells. Behind a proxy: the address the proxy saw."""
    if settings.HOME.flag("behind_proxy"):
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if forwarded:
            return str(forwarded.rsplit(",", 1)[-1].strip())
    return str(request.META.get("REMOTE_ADDR", ""))
