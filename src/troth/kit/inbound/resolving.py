"""Asking the DNS, with a time limit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dns.resolver import Resolver

Lookup = Callable[[str, str], Sequence[str]]
"""Texts of the records of a name and a type; none where there are none. Raises `LookupMissing`."""
SECONDS: Final = 4.0


class LookupMissing(Exception):
    """The DNS gave no answer, not even that there is nothing."""


@cache
def _resolver() -> Resolver:
    from dns.resolver import LRUCache, Resolver  # noqa: PLC0415 - many MB, and the worker's alone

    made = Resolver()
    made.lifetime, made.timeout = SECONDS, SECONDS / 2
    made.cache = LRUCache(1_000)
    return made


def lookup(name: str, kind: str) -> Sequence[str]:
    """The records of a name: A, AAAA, MX (hosts, the preferred first) or TXT (joined)."""
    from dns.exception import DNSException  # noqa: PLC0415 - see `_resolver`
    from dns.resolver import NXDOMAIN, NoAnswer  # noqa: PLC0415

    try:
        answer = _resolver().resolve(name, kind, search=False)
    except (NXDOMAIN, NoAnswer):
        return []
    except DNSException:
        raise LookupMissing("The DNS did not answer.") from None
    except (UnicodeError, ValueError, OSError):
        raise LookupMissing("The DNS could not be asked.") from None
    if kind == "TXT":
        return [b"".join(one.strings).decode("utf-8", "replace") for one in answer]
    if kind == "MX":
        ordered = sorted(answer, key=lambda one: int(one.preference))
        return [str(one.exchange).rstrip(".") for one in ordered]
    return [str(one) for one in answer]
