"""Sources: where data about a person may be, each with its own steps. The own store is one.

A source is registered once by the part it belongs to; those an organisation has connected are
found when they are needed (`register_sources`). What a source says of its plan and of what it
left behind holds no value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from troth.core.errors import Invalid, Missing

Changes = Mapping[str, str]
"""For a correction: the new value by element key or data category."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a request is about, as sources know them."""

    request: UUID
    person: UUID | None
    """Their root record here; None if they are known outside only, or their record is gone."""
    ref: str
    identifiers: Mapping[str, tuple[str, ...]] = field(repr=False, default_factory=dict)
    """Values by data category."""
    records: tuple[UUID, ...] = ()
    """All their records here, also after the rows are gone."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of the plan that people read before it runs. It holds no value."""

    place: str
    field: str
    category: str
    does: str
    """``shown``, ``replaced``, ``erased``, ``depersonalised``, ``locked``, ``kept`` or
    ``passed-on``."""
    rows: int
    clause: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One record for the access package."""

    place: str
    label: str
    category: str
    value: Any = field(repr=False)
    origin: str = ""
    clause: str = ""
    version: str = ""
    at: datetime | None = None
    purposes: tuple[str, ...] = ()
    offline: bool = False
    """The staff entered it: it came on paper or by word of mouth."""
    content: tuple[str, ...] = field(repr=False, default=())
    """Of a file, which `value` names: its content in base64, in parts. The package has it as a file
    of its own."""


@dataclass(frozen=True, slots=True)
class Left:
    """What reading back found that should be gone, or different. It holds no value."""

    place: str
    field: str
    rows: int


class SourceMissing(Missing):
    """A source cannot be reached: the request stays open and says which."""


class SourceInvalid(Invalid):
    """A source's description would leave a field untouched: refused before anything changes."""


class Source(Protocol):
    """A place where data about people is. Every method works in the organisation in scope."""

    key: str
    label: str

    def steps(self, kind: str) -> tuple[str, ...]:
        """Names of its steps for a kind of request, in order; () if it has no part in it."""

    def plan(self, kind: str, subject: Subject, changes: Changes) -> list[Planned]:
        """What would be done. Raises `SourceMissing`, `SourceInvalid`."""

    def run(self, step: str, kind: str, subject: Subject, changes: Changes) -> int:
        """Do a step in a transaction of its own; safe to repeat. Returns the rows it touched."""

    def found(self, subject: Subject) -> Iterable[Found]:
        """What is held about the person. Raises `SourceMissing`."""

    def check(self, kind: str, subject: Subject, changes: Changes) -> list[Left]:
        """Read back what was to be done; [] if all of it is. Raises `SourceMissing`."""


Provider = Callable[[], Iterable[Source]]
_sources: Final[dict[str, Source]] = {}
_providers: Final[list[Provider]] = []


def register_source(source: Source) -> None:
    """Register a source, in the `ready()` of its app. Those registered first run first."""
    _sources[source.key] = source


def register_sources(provider: Provider) -> None:
    """Have `provider` name the sources of the organisation in scope whenever they are needed."""
    if provider not in _providers:
        _providers.append(provider)


def sources() -> list[Source]:
    """All sources of the organisation in scope: the own store, then the others."""
    found = dict(_sources)
    for provider in _providers:
        found |= {source.key: source for source in provider()}
    return list(found.values())


def source(key: str) -> Source:
    """The source of that key. Raises `SourceMissing` if it was taken away meanwhile."""
    for one in sources():
        if one.key == key:
            return one
    raise SourceMissing(
        "A source of data is no longer connected.",
        why="A request has steps there that are not done.",
        do="Connect it again, or close the request with a reason.",
    )
