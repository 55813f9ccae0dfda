"""A policy as it was written: frozen dataclasses that mirror the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Annotated

from troth.policy import blocks, words
from troth.policy.shape import Key, Unwritten


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The table [policy]: which version this is and since when it holds."""

    version: Annotated[
        str,
        Key(
            "Unique within the company",
            pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$",
            like='"2026-01-31"',
        ),
    ]
    effective: Annotated[date, Key("The first day it holds")]
    revised: Annotated[date | None, Key("Shown as the day of the last change")] = None
    language: Annotated[
        str, Key("Language of the texts (BCP 47)", pattern=words.LANGUAGE, like='"en"')
    ] = "en"
    title: Annotated[str, Key("The title of the page")] = "Privacy policy"
    intro: Annotated[str, Key("What stands before the first section, in Markdown", of="text")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address and whom it is for."""

    region: Annotated[
        str, Key('Country code it is for, or "*"', pattern=r"^(\*|[A-Z]{2,3})$", like='"*"')
    ] = "*"
    lines: Annotated[tuple[str, ...], Key("The lines of the address", like='"1 Example Street"')]


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The table [company]: the controller."""

    name: Annotated[str, Key("Its name")]
    service: Annotated[str, Key("What it does, in one line")] = ""
    privacy_contact: Annotated[
        str,
        Key(
            "Mail address for questions about privacy",
            pattern=words.MAIL,
            like='"privacy@company.example"',
        ),
    ]
    opt_out_contact: Annotated[
        str,
        Key(
            "Mail to it that says `unsubscribe` is acted on",
            pattern=words.MAIL,
            like='"opt-out@company.example"',
        ),
    ] = ""
    phone: Annotated[
        str, Key("Telephone", pattern=r"^\+?[0-9 ()-]{3,24}$", like='"+1 604 555 0100"')
    ] = ""
    calendar: Annotated[
        str,
        Key(
            "Business calendar: country, if need be with a part",
            pattern=words.CALENDAR,
            like='"CA-BC"',
        ),
    ] = ""
    minimum_age: Annotated[
        int | None, Key("Nobody younger is served", low=1, high=25, like="13")
    ] = None
    website: Annotated[
        str, Key("Its web site", pattern=words.WEB, like='"https://www.company.example"')
    ] = ""
    accent: Annotated[
        str, Key("The colour of its pages", pattern=words.COLOUR, like='"#1f6f5c"')
    ] = ""
    address: Annotated[tuple[Address, ...], Key("Postal addresses")] = ()

    @property
    def country(self) -> str:
        """The country of its calendar, or ""."""
        return self.calendar.partition("-")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading; the clauses whose numbers begin with its number stand under it."""

    number: Annotated[str, Key("Its number", pattern=words.NUMBER, like='"2"')]
    title: Annotated[str, Key("Its title")]
    line: Annotated[int, Unwritten] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A named piece of data, where a category alone does not say enough."""

    key: Annotated[str, Unwritten] = ""
    data: Annotated[
        str,
        Key(
            "Its fideslang category", of="category", pattern=words.DOTTED, like='"user.contact.url"'
        ),
    ]
    label: Annotated[str, Key("What a form calls it")] = ""
    hint: Annotated[str, Key("Help under the field")] = ""
    options: Annotated[tuple[str, ...], Key("The answers to choose from", like='"1-10"')] = ()
    multiline: Annotated[bool, Key("Whether it is a text of several lines")] = False
    max_length: Annotated[
        int | None,
        Key(
            "Characters at most; left out, 200, or 5,000 if it has several lines",
            low=1,
            high=100_000,
            like="200",
        ),
    ] = None
    line: Annotated[int, Unwritten] = 0


@dataclass(frozen=True, slots=True)
class Clause:
    """One statement: its text for people, and the blocks that are its effect."""

    clause: str
    text: str
    register: tuple[str, ...]
    kind: str
    line: int
    blocks: tuple[blocks.Block, ...]


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One version of a company's policy."""

    heading: Heading
    company: Company
    sections: tuple[Section, ...] = ()
    purposes: dict[str, blocks.Purpose] = field(default_factory=dict)
    elements: dict[str, Element] = field(default_factory=dict)
    recipients: dict[str, blocks.Recipient] = field(default_factory=dict)
    collects: tuple[blocks.Collect, ...] = ()
    shares: tuple[blocks.Share, ...] = ()
    keeps: tuple[blocks.Keep, ...] = ()
    rights: tuple[blocks.Right, ...] = ()
    cookies: tuple[blocks.Cookie, ...] = ()
    forbids: tuple[blocks.Forbid, ...] = ()
    safeguards: tuple[blocks.Safeguard, ...] = ()
    sensitives: tuple[blocks.Sensitive, ...] = ()
    ages: tuple[blocks.Age, ...] = ()
    deadlines: tuple[blocks.Deadline, ...] = ()
    secures: tuple[blocks.Secure, ...] = ()
    accesses: tuple[blocks.Access, ...] = ()
    changes: tuple[blocks.ChangeNotice, ...] = ()
    scopes: tuple[blocks.Scope, ...] = ()
    informs: tuple[blocks.Inform, ...] = ()
    moderates: tuple[blocks.Moderate, ...] = ()
    source: str = ""

    @property
    def version(self) -> str:
        """Unique within the company."""
        return self.heading.version

    @property
    def effective(self) -> date:
        """The first day it holds."""
        return self.heading.effective

    @property
    def revised(self) -> date | None:
        """The day of the last change, if the policy says so."""
        return self.heading.revised

    @property
    def language(self) -> str:
        """Language of the texts (BCP 47)."""
        return self.heading.language

    @property
    def title(self) -> str:
        """The title of the page."""
        return self.heading.title

    @property
    def intro(self) -> str:
        """What stands before the first section, in Markdown, or ""."""
        return self.heading.intro

    @cached_property
    def blocks(self) -> tuple[blocks.Block, ...]:
        """All blocks that belong to a clause, in document order."""
        found: list[blocks.Block] = []
        for table in TABLES.values():
            value = getattr(self, table.attribute)
            items = value.values() if table.named else value if table.many else ()
            found += [item for item in items if isinstance(item, blocks.Block) and item.clause]
        return tuple(sorted(found, key=lambda block: block.line))

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """All clauses in document order; blocks of one number are one clause."""
        groups: dict[str, list[blocks.Block]] = {}
        for block in self.blocks:
            groups.setdefault(block.clause, []).append(block)
        found = []
        for number, group in groups.items():
            lead = next((block for block in group if block.text), group[0])
            ids = dict.fromkeys(name for block in group for name in block.register)
            found.append(Clause(number, lead.text, tuple(ids), lead.table, lead.line, tuple(group)))
        return tuple(found)

    @cached_property
    def _numbers(self) -> dict[str, Clause]:
        return {clause.clause: clause for clause in self.clauses}

    def clause(self, number: str) -> Clause | None:
        """The clause of that number, or None."""
        return self._numbers.get(number)

    def section(self, number: str) -> Section | None:
        """The section a clause of that number stands under: the one with the longest match."""
        while number:
            for section in self.sections:
                if section.number == number:
                    return section
            number = number.rpartition(".")[0]
        return None

    def category(self, name: str) -> str:
        """The category an element or category in a list means."""
        element = self.elements.get(name)
        return element.data if element else name


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file and where it goes in a policy."""

    attribute: str
    type: type
    many: bool = False
    """An array of tables, [[name]]."""
    named: bool = False
    """One table for each key, [name.key]."""


TABLES = {
    "policy": Table("heading", Heading),
    "company": Table("company", Company),
    "section": Table("sections", Section, many=True),
    "purposes": Table("purposes", blocks.Purpose, named=True),
    "elements": Table("elements", Element, named=True),
    "collect": Table("collects", blocks.Collect, many=True),
    "recipients": Table("recipients", blocks.Recipient, named=True),
    "share": Table("shares", blocks.Share, many=True),
    "keep": Table("keeps", blocks.Keep, many=True),
    "right": Table("rights", blocks.Right, many=True),
    "cookie": Table("cookies", blocks.Cookie, many=True),
    "forbid": Table("forbids", blocks.Forbid, many=True),
    "safeguard": Table("safeguards", blocks.Safeguard, many=True),
    "sensitive": Table("sensitives", blocks.Sensitive, many=True),
    "age": Table("ages", blocks.Age, many=True),
    "deadline": Table("deadlines", blocks.Deadline, many=True),
    "secure": Table("secures", blocks.Secure, many=True),
    "access": Table("accesses", blocks.Access, many=True),
    "change": Table("changes", blocks.ChangeNotice, many=True),
    "scope": Table("scopes", blocks.Scope, many=True),
    "inform": Table("informs", blocks.Inform, many=True),
    "moderate": Table("moderates", blocks.Moderate, many=True),
}
"""The tables of the file, in the order the docs explain them."""
