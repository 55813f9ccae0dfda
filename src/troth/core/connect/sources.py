"""A connection as a source of data about people."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sqlalchemy.engine import Engine

from troth.core.connect import engines
from troth.core.connect.addresses import database_url
from troth.core.connect.database import Database
from troth.core.connect.dataset import read
from troth.core.connect.description import Description
from troth.core.connect.folders import Folder
from troth.core.connect.models import Connection
from troth.core.connect.over_http.description import Service, read_service
from troth.core.connect.over_http.source import HttpSource
from troth.core.connect.secrets import password
from troth.core.rights.sources import Source


def source_of(row: Connection) -> Source:
    """One connection as a source. Nothing is opened yet."""
    if row.kind == Connection.Kind.HTTP:
        service = _service(row.description)
        return HttpSource(row.key, row.label, row.address, service, lambda: password(row))
    if row.kind == Connection.Kind.FOLDER:
        folder = Path(row.address.partition(":")[2])
        return Folder(row.key, row.label, _description(row.description), folder)

    def opened() -> Engine:
        return engines.engine(database_url(row.address, password(row)))

    return Database(row.key, row.label, _description(row.description), opened)


@lru_cache(maxsize=128)
def _description(text: str) -> Description:
    return read(text)


@lru_cache(maxsize=128)
def _service(text: str) -> Service:
    return read_service(text)
