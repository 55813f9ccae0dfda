"""The description of an HTTP service: which request does what, and where in the answer what is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from troth.core.connect.described import DescriptionInvalid, loaded

METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_PLACE: Final = re.compile(r"\{([a-z_.]+)\}")
_KEYS: Final = {
    "service": {"name", "identity", "auth", "timeout", "tries", "access", "erasure", "correction"},
    "call": {"method", "path", "body", "expect", "none", "found", "poll", "fields"},
    "poll": {"path", "id", "until", "done", "failed", "every", "most"},
    "auth": {"header", "value"},
}


@dataclass(frozen=True, slots=True)
class Poll:
    """How to ask whether something that takes time is done. Pointers are RFC 6901."""

    path: str
    id: str
    until: str
    done: tuple[str, ...]
    failed: tuple[str, ...] = ()
    every: float = 1.0
    most: float = 30.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `expect`: statuses of success; `none`: that the person is not known there.

    `found`: pointers into the answer (`*` for each of a list) and their categories. `fields`:
    for a correction, the name under which each category is sent.
    """

    method: str
    path: str
    body: Any = None
    expect: tuple[int, ...] = (200,)
    none: tuple[int, ...] = (404,)
    found: tuple[tuple[str, str], ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    poll: Poll | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A described service. `identity`: the category whose values people are known by there."""

    name: str
    identity: str
    access: Call
    erasure: Call | None = None
    correction: Call | None = None
    header: str = ""
    value: str = "{secret}"
    timeout: float = 10.0
    tries: int = 3


def read_service(text: str) -> Service:
    """The service in a YAML text. Raises `DescriptionInvalid`, naming the place."""
    raw = loaded(text)
    raw = raw.get("service") if isinstance(raw, dict) else None
    block = _block(raw, "service", "service")
    if not isinstance(block.get("identity"), str) or "access" not in block:
        raise _invalid("service", "it needs `identity` and `access`; what is erased is read back")
    auth = _block(block.get("auth") or {}, "auth", "service.auth")
    header = str(auth.get("header", ""))
    if header and not re.fullmatch(r"[A-Za-z0-9-]+", header):
        raise _invalid("service.auth.header", "that is no name of a header")
    calls = {
        name: _call(block[name], f"service.{name}")
        for name in ("access", "erasure", "correction")
        if name in block
    }
    return Service(
        name=str(block.get("name", "HTTP service")),
        identity=block["identity"],
        access=calls["access"],
        erasure=calls.get("erasure"),
        correction=calls.get("correction"),
        header=header,
        value=str(auth.get("value", "{secret}")),
        timeout=_number(block.get("timeout", 10), "service.timeout", 60),
        tries=int(_number(block.get("tries", 3), "service.tries", 6)),
    )


def _call(raw: Any, place: str) -> Call:
    block = _block(raw, "call", place)
    method, path = str(block.get("method", "GET")).upper(), str(block.get("path", ""))
    if method not in METHODS:
        raise _invalid(f"{place}.method", "it is none we send")
    found = block.get("found") or []
    if not all(isinstance(one, dict) and {"at", "category"} == set(one) for one in found):
        raise _invalid(f"{place}.found", "each names `at` (a JSON pointer) and `category`")
    fields = block.get("fields") or {}
    if not isinstance(fields, dict):
        raise _invalid(f"{place}.fields", "it names a field for each category")
    poll = block.get("poll")
    return Call(
        method=method,
        path=_path(path, f"{place}.path", {"identity"}),
        body=block.get("body"),
        expect=_statuses(block.get("expect", [200]), f"{place}.expect"),
        none=_statuses(block.get("none", [404]), f"{place}.none"),
        found=tuple((str(one["at"]), str(one["category"])) for one in found),
        fields={str(category): str(name) for category, name in fields.items()},
        poll=_poll(poll, f"{place}.poll") if poll is not None else None,
    )


def _poll(raw: Any, place: str) -> Poll:
    block = _block(raw, "poll", place)
    if not {"path", "id", "until", "done"} <= block.keys():
        raise _invalid(place, "it needs `path`, `id`, `until` and `done`")
    return Poll(
        path=_path(str(block["path"]), f"{place}.path", {"id", "identity"}),
        id=str(block["id"]),
        until=str(block["until"]),
        done=tuple(map(str, block["done"])),
        failed=tuple(map(str, block.get("failed", ()))),
        every=_number(block.get("every", 1), f"{place}.every", 30),
        most=_number(block.get("most", 30), f"{place}.most", 300),
    )


def _path(path: str, place: str, known: set[str]) -> str:
    """A path on the host of the address: it can name no other host."""
    if not path.startswith("/") or path.startswith("//") or re.search(r"[\s\\#]", path):
        raise _invalid(place, "a path begins with one slash, and names no host")
    if set(_PLACE.findall(path)) - known:
        raise _invalid(place, f"it may hold {', '.join(sorted(f'{{{one}}}' for one in known))}")
    return path


def _statuses(raw: Any, place: str) -> tuple[int, ...]:
    listed = raw if isinstance(raw, list) else [raw]
    if not all(isinstance(one, int) and (200 <= one < 300 or 400 <= one < 500) for one in listed):  # noqa: PLR2004
        raise _invalid(place, "statuses are 2xx or 4xx; nothing is redirected")
    return tuple(listed)


def _block(raw: Any, kind: str, place: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise _invalid(place, "it is not there, or no mapping")
    if unknown := raw.keys() - _KEYS[kind]:
        raise _invalid(place, f"{', '.join(sorted(map(str, unknown)))} is not known")
    return raw


def _number(raw: Any, place: str, most: float) -> float:
    if not isinstance(raw, int | float) or not 0 < raw <= most:
        raise _invalid(place, f"it is a number up to {most:g}")
    return raw


def _invalid(place: str, why: str) -> DescriptionInvalid:
    return DescriptionInvalid(f"The description does not hold at {place}.", why=f"{why}.")
