"""Where the live process is, as a browser calls it."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port


def of(request: HttpRequest) -> str:
    """``wss://host[:port]`` for the pages of this request's site; empty where none is served.

    The setting ``live_url`` names it (``{host}`` in it stands for the site's own name); else it is
    on the site's host at ``live_port``, which `troth serve` sets to the web's port plus one.
    """
    return base(request.get_host(), secure=request.is_secure())


def base(host: str, *, secure: bool) -> str:
    """As `of`, by the site's host."""
    name, _ = split_domain_port(host)
    url = settings.HOME.option("live_url").rstrip("/")
    if url:
        url = url.replace("{host}", name)
        return "ws" + url.removeprefix("http") if url.startswith("http") else url
    port = settings.HOME.option("live_port")
    return f"ws{'s' if secure else ''}://{name}:{port}" if port else ""


@lru_cache(maxsize=256)
def sources(address: str) -> tuple[str, ...]:
    """What a Content-Security-Policy has to name for it: the sockets, and polling."""
    if not address:
        return ()
    parts = urlsplit(address)
    return (
        f"{parts.scheme}://{parts.netloc}",
        f"{parts.scheme.replace('ws', 'http', 1)}://{parts.netloc}",
    )
