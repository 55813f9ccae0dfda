"""The Sender Policy Framework (RFC 7208): may this address send mail for this domain?

``ptr`` matches nothing: the RFC says not to publish it, and asking costs much. ``exp`` is not
fetched, since nobody is told.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Final

from troth.kit.inbound.resolving import Lookup, LookupMissing

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LOOKUPS: Final = 10  # section 4.6.4
VOID: Final = 2
_MX: Final = 10
_MACRO: Final = re.compile(r"%(?:\{([slodiphcrtv])(\d*)(r?)([.\-+,/_=]*)\}|([%_-]))", re.IGNORECASE)
_TERM: Final = re.compile(r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)([:/].*)?", re.IGNORECASE)
_RESULT: Final = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral", "": "pass"}


class _RecordInvalid(Exception):
    """The record, or what it leads to, is wrong."""


@dataclass
class _Question:
    address: Address
    sender: str
    look_up: Lookup
    lookups: int = 0
    void: int = 0
    seen: list[str] = field(default_factory=list)

    def ask(self, name: str, kind: str, *, counts: bool = True) -> list[str]:
        found = list(self.look_up(name, kind))
        if not found and counts:
            self.void += 1
            if self.void > VOID:
                raise _RecordInvalid
        return found

    def spend(self) -> None:
        self.lookups += 1
        if self.lookups > LOOKUPS:
            raise _RecordInvalid


def check(address: Address, domain: str, sender: str, *, look_up: Lookup) -> str:
    """``pass``, ``fail``, ``softfail``, ``neutral``, ``none``, ``temperror`` or ``permerror``."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    question = _Question(address, sender, look_up)
    try:
        return _check(question, domain)
    except _RecordInvalid:
        return "permerror"
    except LookupMissing:
        return "temperror"


def _check(question: _Question, domain: str) -> str:
    texts = question.ask(domain, "TXT", counts=False)
    records = [one for one in texts if one == "v=spf1" or one.lower().startswith("v=spf1 ")]
    if not records:
        return "none"
    if len(records) > 1:
        raise _RecordInvalid
    redirect = ""
    for term in records[0].split()[1:]:
        name, equals, value = term.partition("=")
        if equals and re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]*", name):
            if name.lower() == "redirect":
                redirect = value
            continue
        match = _TERM.fullmatch(term)
        if match is None:
            raise _RecordInvalid
        if _matches(question, domain, match[2].lower(), match[3] or ""):
            return _RESULT[match[1]]
    if redirect:
        question.spend()
        found = _check(question, _expanded(question, redirect, domain))
        if found == "none":
            raise _RecordInvalid
        return found
    return "neutral"


def _matches(question: _Question, domain: str, kind: str, rest: str) -> bool:
    if kind == "all":
        return True
    if kind in ("ip4", "ip6"):
        return _within(question.address, rest.removeprefix(":"))
    question.spend()
    target, _, sizes = (
        rest.removeprefix(":").partition("/") if rest[:1] == ":" else ("", "", rest[1:])
    )
    target = _expanded(question, target, domain) if target else domain
    if kind == "include":
        found = _check(question, target)
        if found == "none":
            raise _RecordInvalid
        return found == "pass"
    if kind == "exists":
        return bool(question.ask(target, "A"))
    if kind == "ptr":
        return False
    hosts = [target]
    if kind == "mx":
        hosts = question.ask(target, "MX")
        if len(hosts) > _MX:
            raise _RecordInvalid
    record = "A" if question.address.version == 4 else "AAAA"  # noqa: PLR2004 - of the protocol
    return any(
        _within(question.address, f"{one}{_size(sizes, question.address)}")
        for host in hosts
        for one in question.ask(host, record, counts=kind == "a")
    )


def _size(sizes: str, address: Address) -> str:
    four, _, six = sizes.partition("//") if not sizes.startswith("/") else ("", "", sizes[1:])
    chosen = four if address.version == 4 else six  # noqa: PLR2004 - of the protocol
    return f"/{chosen}" if chosen else ""


def _within(address: Address, network: str) -> bool:
    try:
        found = ipaddress.ip_network(network, strict=False)
    except ValueError:
        raise _RecordInvalid from None
    return address.version == found.version and address in found


def _expanded(question: _Question, text: str, domain: str) -> str:
    """Macros (section 7), of those letters that a name can be made of."""
    local, _, of = question.sender.rpartition("@")
    address = question.address
    packed = ".".join(address.exploded.replace(":", "")) if address.version == 6 else str(address)  # noqa: PLR2004
    values = {
        "s": question.sender,
        "l": local or "postmaster",
        "o": of,
        "d": domain,
        "i": packed,
        "h": of,
        "p": "unknown",
        "v": "ip6" if address.version == 6 else "in-addr",  # noqa: PLR2004
    }

    def one(match: re.Match[str]) -> str:
        if match[5]:
            return {"%": "%", "_": " ", "-": "%20"}[match[5]]
        value = values.get(match[1].lower())
        if value is None:
            raise _RecordInvalid
        parts = re.split(f"[{re.escape(match[4] or '.')}]", value)
        if match[3]:
            parts.reverse()
        if match[2]:
            parts = parts[-int(match[2]) :] if int(match[2]) else parts
        return ".".join(parts)

    return _MACRO.sub(one, text)[-253:]
