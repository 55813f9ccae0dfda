"""What a request tells of the device it comes from: enough for a person to spot a stranger."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

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


@dataclass(frozen=True, slots=True)
class Device:
    """The kind of browser and system, and the network it came from (not the single address)."""

    label: str
    network: str


def device_of(request: HttpRequest) -> Device:
    agent = request.headers.get("User-Agent", "")[:500]
    browser = _first(_BROWSERS, agent) or "Unknown browser"
    system = _first(_SYSTEMS, agent)
    return Device(f"{browser} on {system}" if system else browser, network_of(caller_of(request)))


def network_of(address: str) -> str:
    """The /16 of an IPv4 address, the /32 of an IPv6 one: stays the same while one moves about."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((found, 16 if found.version == 4 else 32), strict=False))  # noqa: PLR2004


def _first(kinds: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for name, mark in kinds if re.search(mark, agent)), "")
