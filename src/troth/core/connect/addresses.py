"""Addresses of outside databases and folders, taken apart so that no password stays in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from troth.core.connect.engines import SCHEMES
from troth.core.errors import Invalid

REMOTE: Final = frozenset({"sslmode"})
OPTIONS: Final = REMOTE | {"host", "unix_socket", "sslrootcert", "ssl_ca", "application_name"}
"""What may stand behind the question mark of an address."""


class AddressInvalid(Invalid):
    """An address that leads nowhere we can go. It is not repeated: it may hold a password."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a connection leads: its kind, the address as kept, and the password that was in it."""

    kind: str
    plain: str
    password: str = field(default="", repr=False)


def address(text: str, *, local: bool = True) -> Address:
    """Read an address as people write it. Raises `AddressInvalid`.

    `local`: whether it may name files and sockets of this machine. Whoever enters it over the web
    does not own the machine.
    """
    scheme = text.partition(":")[0].lower()
    if not local and scheme in ("folder", "csv", "sqlite"):
        raise _local()
    if scheme in ("folder", "csv"):
        return Address("folder", f"folder:{Path(text.partition(':')[2]).absolute()}")
    if scheme in ("http", "https"):
        return _http(text)
    url = database_url(text)
    if not local and (not url.host or url.query.keys() - REMOTE):
        raise _local()
    secret = url.password
    return Address(
        "database",
        _without_password(url).render_as_string(hide_password=False),
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
    if url.query.keys() - OPTIONS:  # drivers take some that read files or run commands
        raise _invalid()
    url = url.set(drivername=driver)
    return url.set(password=password) if password else url


def _without_password(url: URL) -> URL:
    """Made anew: what `set` is not given it keeps, and None counts as not given."""
    scheme = url.get_backend_name()
    return URL.create(scheme, url.username, None, url.host, url.port, url.database, url.query)


def _http(text: str) -> Address:
    try:
        split = urlsplit(text)
        named = split.hostname and not split.username and not split.password
    except ValueError:
        named = False
    if not named:
        raise AddressInvalid(
            "The address of an HTTP service names its host, and no account.",
            do="Give what it needs as its password, as the description's `auth` says.",
        )
    return Address("http", text.rstrip("/"))


def _invalid() -> AddressInvalid:
    return AddressInvalid(
        "That is no address of a database we can talk to.",
        why="It begins with postgres:, mysql:, mariadb:, sqlite:, folder:, http: or https:.",
        do="Write it as postgres://user@host/name; docs/connect.md has one for each kind.",
    )


def _local() -> AddressInvalid:
    return AddressInvalid(
        "Files and sockets of this machine are connected on its command line only.",
        why="Whoever enters a connection here need not be who runs the machine.",
        do="Have the operator run `troth connect add`, or give an address in the network.",
    )
