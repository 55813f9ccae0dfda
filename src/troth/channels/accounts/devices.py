"""What a request tells of the device it comes from: enough for a person to spot a stranger."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from django.http import HttpRequest

from troth.kit import browsers
from troth.kit.throttle.counting import caller_of


@dataclass(frozen=True, slots=True)
class Device:
    """The kind of browser and system, and the network it came from (not the single address)."""

    label: str
    network: str


def device_of(request: HttpRequest) -> Device:
    agent = request.headers.get("User-Agent", "")
    browser = browsers.browser(agent) or "Unknown browser"
    system = browsers.system(agent)
    return Device(f"{browser} on {system}" if system else browser, network_of(caller_of(request)))


def network_of(address: str) -> str:
    """The /16 of an IPv4 address, the /32 of an IPv6 one: stays the same while one moves about."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((found, 16 if found.version == 4 else 32), strict=False))  # noqa: PLR2004
