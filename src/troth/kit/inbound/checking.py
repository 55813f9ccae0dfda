"""Whether a mail comes from where it says: SPF (RFC 7208), DKIM (RFC 6376), and DMARC's question,
whether either speaks for the domain in From (RFC 7489 section 3.1).

A mail server before ours sees who connects, which we do not. The setting ``inbound_trusted`` names
it as it names itself in Authentication-Results (RFC 8601); its word is taken then, and nothing is
asked. Without one we ask the DNS ourselves; ``inbound_dns = false`` leaves even that.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from troth.kit.inbound import headers, spf
from troth.kit.inbound.letter import Letter
from troth.kit.inbound.resolving import Lookup, LookupMissing, lookup
from troth.kit.inbound.routes import Mail

RESULTS: Final = frozenset(
    "pass fail softfail neutral none temperror permerror policy hardfail".split()
)
_RESULT: Final = re.compile(
    r"\s*(spf|dkim|dmarc)\s*(?:/\s*1\s*)?=\s*([a-z]+)(?=\s|$)", re.IGNORECASE
)
SECONDS: Final = 20.0  # for all that is asked about one mail
_SIGNATURES: Final = 3  # of one mail that are looked at
_QUIET: Final = logging.getLogger("troth.inbound.dkim")
_QUIET.setLevel(logging.CRITICAL + 1)  # dkimpy logs names


@dataclass(frozen=True, slots=True)
class Checked:
    """A word each; "" where nobody looked. `by` is ``front`` or ``own``."""

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    by: str = ""

    @property
    def forged(self) -> bool:
        """Whether it is clear that the domain in From did not send it."""
        return self.dmarc == "fail"

    def words(self) -> dict[str, str]:
        found = {"spf": self.spf, "dkim": self.dkim, "dmarc": self.dmarc, "by": self.by}
        return {name: word for name, word in found.items() if word}


def check(mail: Mail, letter: Letter, *, look_up: Lookup | None = None) -> Checked:
    """What can be said about a mail. `look_up` asks the DNS; never raises for what a mail holds."""
    trusted = settings.HOME.option("inbound_trusted").lower().split()
    if trusted:
        return _by_front(letter, trusted)
    if mail.way != "smtp" or not settings.HOME.flag("inbound_dns", default=True):
        return Checked()
    return _own(mail, letter, _hurried(look_up or lookup))


def _by_front(letter: Letter, trusted: list[str]) -> Checked:
    """The topmost header of a trusted server; those below may be anybody's (section 5)."""
    for value in headers.every(letter.source, "Authentication-Results"):
        server, *results = _statements(value)
        if not server.split() or server.split()[0].lower() not in trusted:
            continue
        found: dict[str, str] = {}
        for one in results:
            match = _RESULT.match(one)
            if match is None:
                continue
            method, result = match[1].lower(), match[2].lower()
            # Of several signatures one that is good is enough; all else is said once.
            better = method == "dkim" and result == "pass"
            if result in RESULTS and (method not in found or better):
                found[method] = "fail" if result == "hardfail" else result
        return Checked(**found, by="front")
    return Checked(by="front")


def _statements(value: str) -> list[str]:
    """The server and its statements: what stands between semicolons, without comments, and with
    what is quoted left out. A sender chooses what is quoted, as part of an address, say.
    """
    parts, depth, quoted, skip = [""], 0, False, False
    for character in value:
        if skip:
            skip = False
        elif character == "\\" and (quoted or depth):
            skip = True
        elif character == '"' and not depth:
            quoted = not quoted
            parts[-1] += "" if quoted else "x"
        elif quoted:
            continue
        elif character == "(":
            depth += 1
        elif character == ")" and depth:
            depth -= 1
            parts[-1] += " "
        elif depth:
            continue
        elif character == ";":
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _hurried(look_up: Lookup) -> Lookup:
    """Asks until the time for this mail is over: others wait behind it."""
    until = time.monotonic() + SECONDS

    def asked(name: str, kind: str) -> Sequence[str]:
        if time.monotonic() > until:
            raise LookupMissing("The time for asking about one mail is over.")
        return look_up(name, kind)

    return asked


def _own(mail: Mail, letter: Letter, look_up: Lookup) -> Checked:
    dkim_said, signed = _dkim(mail.content, letter, look_up)
    spf_said, sent = _spf(mail, look_up)
    author = letter.sender.rpartition("@")[2].lower()
    aligned = (dkim_said == "pass" and any(_aligned(one, author) for one in signed)) or (
        spf_said == "pass" and _aligned(sent, author)
    )
    dmarc = ""
    if aligned:
        dmarc = "pass"
    elif author and dkim_said != "temperror" and spf_said not in ("", "temperror"):
        # Where nobody could say what SPF says, its silence speaks against nobody.
        dmarc = _policy_of(author, look_up)
    return Checked(spf_said, dkim_said, dmarc, "own")


def _dkim(content: bytes, letter: Letter, look_up: Lookup) -> tuple[str, list[str]]:
    """The best that any of its signatures gives, and the domains of the good ones."""
    import dkim  # type: ignore[import-untyped]  # noqa: PLC0415 - many MB, and the worker's alone

    count = len(headers.every(letter.source, "DKIM-Signature"))
    if not count:
        return "none", []

    def txt(name: bytes, timeout: int = 5) -> bytes | None:
        found = look_up(name.decode("ascii", "replace").rstrip("."), "TXT")
        return found[0].encode() if found else None

    said, domains = "fail", list[str]()
    for number in range(min(count, _SIGNATURES)):
        try:
            verifier = dkim.DKIM(content, logger=_QUIET, minkey=1024)
            good = verifier.verify(number, dnsfunc=txt)
        except (LookupMissing, dkim.DnsTimeoutError):
            said = "temperror" if said != "pass" else said
            continue
        except Exception:  # noqa: BLE001, S112 - dkimpy has no one error for what hostile mail does
            continue
        if good:
            said = "pass"
            domains.append(bytes(verifier.domain or b"").decode("ascii", "replace").lower())
    return said, domains


def _spf(mail: Mail, look_up: Lookup) -> tuple[str, str]:
    """The result, and the domain it is about. Behind another server of ours nothing can be said."""
    try:
        peer = ipaddress.ip_address(mail.peer)
    except ValueError:
        return "", ""
    if not peer.is_global:
        return "", ""
    domain = (mail.sender.rpartition("@")[2] or mail.helo).lower()
    if not domain:
        return "none", ""
    sender = mail.sender or f"postmaster@{domain}"
    return spf.check(peer, domain, sender, look_up=look_up), domain


def _policy_of(author: str, look_up: Lookup) -> str:
    """``fail`` where the domain asks that what nobody vouches for be refused or set apart."""
    names = [author, _organisational(author)]
    for name in dict.fromkeys(names):
        try:
            texts = look_up(f"_dmarc.{name}", "TXT")
        except LookupMissing:
            return "temperror"
        for text in texts:
            if text.lower().replace(" ", "").startswith("v=dmarc1"):
                wish = re.search(r";\s*p\s*=\s*(none|quarantine|reject)", text, re.IGNORECASE)
                return "fail" if wish and wish[1].lower() != "none" else "none"
    return "none"


def _aligned(domain: str, author: str) -> bool:
    """The same domain, or one below the other. Sisters are not taken for one organisation's: that
    would need the list of public suffixes.
    """
    if not domain or not author:
        return False
    return domain == author or domain.endswith(f".{author}") or author.endswith(f".{domain}")


def _organisational(domain: str) -> str:
    return ".".join(domain.rstrip(".").split(".")[-2:])
