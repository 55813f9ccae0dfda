"""An earlier version of a shipped policy, for the demo's history: the same without one purpose.

So the version in force brings a new purpose, which shows what a material change is: people are
told, and data given under the earlier version does not serve it yet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from troth.core.errors import Invalid
from troth.policy import read


@dataclass(frozen=True, slots=True)
class Earlier:
    """The name and first day of the earlier version, and the purpose it did not have."""

    version: str
    effective: str
    without: str


EARLIER: Final = {
    "com1": Earlier("2006-09", "2006-09-01", "partner-offers"),
    "comantra": Earlier("2010-02-15", "2010-02-15", "surveys"),
    "comindware": Earlier("2016-11-01", "2016-11-01", "partner-offers"),
    "comintech": Earlier("2013-06-01", "2013-06-01", "partner-mail"),
    "comm100": Earlier("2008-10-01", "2008-10-01", "offers"),
}
_BLOCK: Final = re.compile(r"^(?=\[)", re.MULTILINE)
_VERSION: Final = re.compile(r"^version = .*$", re.MULTILINE)
_DAY: Final = re.compile(r"^(effective|revised) = .*$", re.MULTILINE)
_LIST: Final = re.compile(r"^(for|purposes) = \[(.*?)\]", re.MULTILINE | re.DOTALL)


def earlier(company: str, source: str) -> str | None:
    """The source of the earlier version; None for a company that has none. Raises `Invalid`."""
    known = EARLIER.get(company)
    if known is None:
        return None
    text = "".join(_blocks(source, known))
    reading = read(text, name=f"{known.version}.toml")
    if reading.policy is None:
        raise Invalid(
            f"The earlier version of {company}'s policy could not be made.",
            why=str(reading.errors[0].message),
            do="Correct EARLIER in troth.hub.demo.earlier.",
        )
    return text


def _blocks(source: str, known: Earlier) -> list[str]:
    found = []
    for block in _BLOCK.split(source):
        if block.startswith(f"[purposes.{known.without}]"):
            continue
        changed = _LIST.sub(lambda m: _shorter(m, known.without), block)
        if changed != block and re.search(r"^for = \[\s*\]", changed, re.MULTILINE):
            continue  # it was there for this purpose alone
        if block.startswith("[policy]"):
            changed = _VERSION.sub(f'version = "{known.version}"', changed)
            changed = _DAY.sub(rf"\1 = {known.effective}", changed)
        found.append(changed)
    return found


def _shorter(match: re.Match[str], without: str) -> str:
    names = [name for name in re.findall(r'"([^"]+)"', match[2]) if name != without]
    listed = ", ".join(f'"{name}"' for name in names)
    return f"{match[1]} = [{listed}]"
