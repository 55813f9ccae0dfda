"""The kind of browser, system and device a request comes from; never the whole `User-Agent`."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Final

from crawleruseragents import is_crawler  # type: ignore[import-untyped]
from django.http import HttpRequest

from troth.kit.throttle.counting import caller_of

# In this order: most browsers also name those they descend from.
_BROWSERS: Final = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrom(?:e|ium)/|HeadlessChrome/|CriOS/"),
    ("Safari", r"Version/[\d.]+.*Safari/"),
)
_SYSTEMS: Final = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux|X11"),
)
_DEVICES: Final = (
    ("Tablet", r"iPad|Tablet|Android(?!.*Mobile)"),
    ("Phone", r"iPhone|Mobile"),
    ("Computer", r"Windows|Macintosh|CrOS|X11|Linux"),
)
LONGEST: Final = 500
UNKNOWN: Final = "Unknown"


def browser(agent: str) -> str:
    """The family, such as ``Firefox``; empty for one that is not known."""
    return _first(_BROWSERS, agent)


def system(agent: str) -> str:
    """The system, such as ``Windows``; empty for one that is not known."""
    return _first(_SYSTEMS, agent)


def device(agent: str) -> str:
    """``Computer``, ``Phone``, ``Tablet`` or nothing."""
    return _first(_DEVICES, agent)


@lru_cache(maxsize=2048)
def is_program(agent: str) -> bool:
    """Whether a program fetches the page by itself: a search engine, a monitor, a script."""
    found: bool = not agent.strip() or is_crawler(agent[:LONGEST])
    return found


def _first(kinds: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for name, mark in kinds if re.search(mark, agent[:LONGEST])), "")


def language(accepted: str) -> str:
    """The first language of `Accept-Language`, without its region; empty where there is none."""
    found = re.match(r"\s*([A-Za-z]{2,3})(?=$|[-,;\s])", accepted)
    return found[1].lower() if found else ""


def network(request: HttpRequest) -> str:
    """The /24 of an IPv4 address, the /48 of an IPv6 one: never the address itself."""
    try:
        found = ip_address(caller_of(request))
    except ValueError:
        return ""
    return str(ip_network((found, 24 if found.version == 4 else 48), strict=False))  # noqa: PLR2004
