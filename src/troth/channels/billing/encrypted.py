"""The checkout is only served over an encrypted connection, where the site has one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from troth.core.errors import Denied
from troth.core.notices.versions import current


class OpenLineDenied(Denied):
    """Somebody came by a line that others can read."""


def encrypted_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse a page to whoever did not come by an encrypted connection, before anything is read
    from what they sent. On a site that is not set up for one (`secure = false`) all may come.
    """

    @wraps(view)
    def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.SECURE and not request.is_secure():
            raise OpenLineDenied(
                "This page is open over an encrypted connection only.",
                why="What you would write here could be read on its way. Nothing was kept.",
                do="Use the address that begins with https://.",
                clause=_clause(),
            )
        return view(request, *args, **kwargs)

    return serve


def _clause() -> str:
    """The clause that promises it, if one does."""
    secures = current().policy.secures
    return next((block.clause for block in secures if "tls" in block.measures), "")
