"""Addresses of outside databases and folders, taken apart so that no password stays in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from troth.core.connect.engines import SCHEMES
from troth.core.errors import Invalid


class AddressInvalid(Invalid):
    """An address that leads nowhere we can go. It is not repeated: it may hold a password."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a connection leads: its kind, the address as kept, and the password that was in it."""

    kind: str
    plain: str
    password: str = field(default="", repr=False)


def address(text: str) -> Address:
    """Read an address as people write it. Raises `AddressInvalid`."""
    scheme = text.partition(":")[0].lower()
    if scheme in ("folder", "csv"):
        return Address("folder", f"folder:{Path(text.partition(':')[2]).absolute()}")
    if scheme in ("http", "https"):
        return _http(text)
    url = database_url(text)
    secret = url.password
    return Address(
        "database",
        url.set(password=None).render_as_string(hide_password=False),
        "" if secret is None else str(secret),
    )


def database_url(text: str, password: str = "") -> URL:
    """The address of a database, with its password. Raises `AddressInvalid`."""
    try:
        url = sa.make_url(text)
    except ArgumentError:
        raise _invalid() from None
    driver = SCHEMES.get(url.drivername)
    if driver is None or (driver == "sqlite" and not url.database):
        raise _invalid()
    if driver == "sqlite":
        return URL.create("sqlite", database=str(Path(url.database or "").absolute()))
    url = url.set(drivername=driver)
    return url.set(password=password) if password else url


def _http(text: str) -> Address:
    try:
        split = urlsplit(text)
        named = split.hostname and not split.username and not split.password
    except ValueError:
        named = False
    if not named:
        raise AddressInvalid(
            "The address of an HTTP service names its host, and no account.",
            do="Give the account with --secret-from, as the description's `auth` says.",
        )
    return Address("http", text.rstrip("/"))


def _invalid() -> AddressInvalid:
    return AddressInvalid(
        "That is no address of a database we can talk to.",
        why="It begins with postgres:, mysql:, mariadb:, sqlite:, folder:, http: or https:.",
        do="Write it as postgres://user@host/name; docs/connect.md has one for each kind.",
    )
