"""The description of a recipient's service: what is said to it when, and how its answers are read.

recipient = "customer-records"
purpose = "fulfilment"
at = ["…"]                          # touchpoints where data has to come in; left out: anywhere
address = "https://api.rolodeck.example/v2"
header = "Authorization"            # carries the secret
value = "Bearer {secret}"
timeout = 5                         # seconds
tries = 3                           # at once; after that later and later

[put]                               # somebody's data; {ref} names them there
path = "/contacts/{ref}"
method = "PUT"
fields = { "user.name" = "name", "user.contact.email" = "email" }

[remove]                            # somebody said no: by {ref} alone
[check]                             # is this address any good? `answer` points into what comes
[list]                              # a list that was handed over
[erase]                             # somebody was erased here, and is to be there
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from troth.core.connect.over_http.description import METHODS, Call, Service
from troth.core.errors import Invalid
from troth.core.notices.versions import current
from troth.policy import taxonomy

KEYS: Final = frozenset(
    {
        *("recipient", "purpose", "at", "address", "header", "value", "timeout", "tries"),
        *("put", "remove", "check", "list", "erase"),
    }
)
OPERATION: Final = frozenset({"method", "path", "fields", "answer", "bad"})
NAMING: Final = frozenset({"put", "remove"})
"""Operations that may name the person by `{ref}`."""
WITH_FIELDS: Final = frozenset({"put", "check", "erase"})
LOCAL: Final = frozenset({"127.0.0.1", "::1", "localhost"})
LONGEST: Final = 30.0
BEFORE: Final = date(1970, 1, 1)
"""Safeguards that ran out hold what is said back at the gate, and overtake no description."""
MOST_TRIES: Final = 6


class DescriptionInvalid(Invalid):
    """The description of a service does not hold; it names the place."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One request. `answer`: a JSON pointer into what comes back, `bad`: what there means no."""

    method: str
    path: str
    fields: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""
    bad: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """A described service of a recipient, for one purpose."""

    recipient: str
    purpose: str
    at: tuple[str, ...]
    address: str
    service: Service
    operations: Mapping[str, Operation]


def read(text: str) -> Description:
    """The description in a TOML text. Raises `DescriptionInvalid`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise DescriptionInvalid("The description is no TOML.", why=f"{wrong}.") from None
    if unknown := raw.keys() - KEYS:
        raise _invalid("the top", f"{', '.join(sorted(unknown))} is not known")
    rules = current().rules
    recipient, purpose = str(raw.get("recipient", "")), str(raw.get("purpose", ""))
    if recipient not in rules.recipients:
        raise _invalid("recipient", "the policy names no such recipient")
    if purpose not in rules.purposes:
        raise _invalid("purpose", "the policy names no such purpose")
    at = raw.get("at", [])
    if not isinstance(at, list) or set(at) - rules.touchpoints.keys():
        raise _invalid("at", "it lists touchpoints of the policy")
    operations: dict[str, Operation] = {
        name: _operation(name, raw[name])
        for name in ("put", "remove", "check", "list", "erase")
        if name in raw
    }
    if not operations:
        raise _invalid("the top", "it describes nothing that could be said to the service")
    for name in ("put", "check"):
        for category in operations[name].fields if name in operations else ():
            if not rules.find("share", purpose, category, recipient, BEFORE).allowed:
                raise _invalid(f"{name}.fields", f"no clause gives it {category} for this purpose")
    return Description(
        recipient, purpose, tuple(at), _address(raw), _service(raw, recipient), operations
    )


def still_holds(text: str) -> Description | None:
    """A description that held once; None where the policy in force has overtaken it."""
    try:
        return read(text)
    except DescriptionInvalid:
        return None


def _service(raw: Mapping[str, Any], label: str) -> Service:
    header, timeout, tries = raw.get("header", ""), raw.get("timeout", 10), raw.get("tries", 3)
    if header and not re.fullmatch(r"[A-Za-z0-9-]+", str(header)):
        raise _invalid("header", "that is no name of a header")
    if not isinstance(timeout, int | float) or not 0 < timeout <= LONGEST:
        raise _invalid("timeout", f"it is a number of seconds up to {LONGEST:g}")
    if not isinstance(tries, int) or not 0 < tries <= MOST_TRIES:
        raise _invalid("tries", f"it is a number up to {MOST_TRIES}")
    return Service(
        name=label,
        identity="",
        access=Call("GET", "/"),
        header=str(header),
        value=str(raw.get("value", "{secret}")),
        timeout=timeout,
        tries=tries,
    )


def _address(raw: Mapping[str, Any]) -> str:
    address = str(raw.get("address", "")).rstrip("/")
    split = urlsplit(address)
    safe = split.scheme == "https" or (split.scheme == "http" and split.hostname in LOCAL)
    if not safe or not split.hostname or split.query or split.fragment or split.username:
        raise _invalid("address", "it begins with https://, and holds no password and no query")
    return address


def _operation(name: str, raw: Any) -> Operation:
    if not isinstance(raw, dict) or raw.keys() - OPERATION:
        raise _invalid(name, f"it may hold {', '.join(sorted(OPERATION))}")
    method, path = str(raw.get("method", "POST")).upper(), str(raw.get("path", ""))
    if method not in METHODS:
        raise _invalid(f"{name}.method", "it is none we send")
    places = set(re.findall(r"\{([a-z_.]+)\}", path))
    if not path.startswith("/") or path.startswith("//") or re.search(r"[\s\\#]", path):
        raise _invalid(f"{name}.path", "a path begins with one slash, and names no host")
    if places - ({"ref"} if name in NAMING else set()):
        raise _invalid(f"{name}.path", "it may hold {ref} where one person is put or removed")
    fields = raw.get("fields", {})
    if not isinstance(fields, dict) or fields.keys() - set(taxonomy.categories()):
        raise _invalid(f"{name}.fields", "it names a field for each data category")
    if bool(fields) != (name in WITH_FIELDS):
        raise _invalid(f"{name}.fields", "what is put, checked or erased has fields, all else none")
    bad = raw.get("bad", [])
    if name == "check" and not (raw.get("answer") and bad):
        raise _invalid(name, "it needs `answer`, a JSON pointer, and `bad`, what there means no")
    return Operation(
        method=method,
        path=path,
        fields={str(key): str(value) for key, value in fields.items()},
        answer=str(raw.get("answer", "")),
        bad=tuple(map(str, bad)),
    )


def _invalid(place: str, why: str) -> DescriptionInvalid:
    return DescriptionInvalid(f"The description does not hold at {place}.", why=f"{why}.")
