"""What the policy says of domains: what an order asks, who enters it, and what may be public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from troth.core.errors import Missing
from troth.core.notices.versions import PolicyMissing, Published, current
from troth.policy import Field, Rules, Touchpoint
from troth.policy.blocks import Collect, Share

AT: Final = "domains.register"
NAME: Final = "user.contact.url"
EMAIL: Final = "user.contact.email"
PUBLIC: Final = "public"


class DomainsMissing(Missing):
    """The policy in force has no orders of domains."""


@dataclass(frozen=True, slots=True)
class Showable:
    """A field that its owner may have shown to everybody, and the clauses by which."""

    field: Field
    purpose: str
    to: str
    clause: str


@dataclass(frozen=True, slots=True)
class Place:
    """The order form as the policy has it."""

    published: Published
    touchpoint: Touchpoint
    name: Field
    email: Field
    technical: Field | None
    purpose: str
    """What a domain is entered in the registry for."""
    registries: tuple[str, ...]
    """The recipients that enter it."""
    showable: tuple[Showable, ...]
    public: Share | None
    """The clause by which everybody sees something, if there is one."""

    @property
    def rules(self) -> Rules:
        return self.published.rules

    @property
    def notices(self) -> list[Collect]:
        """The clauses that say what may become public."""
        named = {one.clause for one in self.showable}
        return [block for block in self.rules.policy.collects if block.clause in named]

    @property
    def purposes(self) -> frozenset[str]:
        """What needs a yes before anything is shown."""
        return frozenset(one.purpose for one in self.showable)


def offered() -> bool:
    """Whether the company registers domains, by the policy in force."""
    try:
        return _fits(current().rules.touchpoints.get(AT))
    except PolicyMissing:
        return False


def _fits(touchpoint: Touchpoint | None) -> bool:
    """Whether the clause asks for what an order cannot do without."""
    required = {one.category for one in touchpoint.fields if one.required} if touchpoint else set()
    return {NAME, EMAIL} <= required


def place() -> Place:
    """The order form of the policy in force. Raises `DomainsMissing`."""
    published = current()
    rules, found = published.rules, published.rules.touchpoints.get(AT)
    if found is None or not _fits(found):
        raise DomainsMissing(
            "There are no domains here.",
            why="The policy has no clause for them.",
            do="Go back to the first page.",
        )
    emails = [one for one in found.fields if one.category == EMAIL]
    purpose, registries = _entering(rules, found)
    return Place(
        published,
        found,
        next(one for one in found.fields if one.category == NAME),
        next(one for one in emails if one.required),
        next((one for one in emails if not one.required), None),
        purpose,
        registries,
        tuple(_showable(rules, found)),
        next((share for share, _ in _shares(rules, found, public=True)), None),
    )


def _shares(rules: Rules, found: Touchpoint, *, public: bool) -> Iterator[tuple[Share, str]]:
    for share in rules.policy.shares:
        if set(share.purposes) & set(found.purposes):
            for party in share.recipients:
                if (rules.recipients[party].kind == PUBLIC) is public:
                    yield share, party


def _entering(rules: Rules, found: Touchpoint) -> tuple[str, tuple[str, ...]]:
    """The purpose that gives a registry the name, and the registries."""
    for purpose in found.purposes:
        parties = [
            party
            for share, party in _shares(rules, found, public=False)
            if purpose in share.purposes and rules.find("share", purpose, NAME, party).allowed
        ]
        if parties:
            return purpose, tuple(dict.fromkeys(parties))
    essential = [key for key in found.purposes if rules.purposes[key].basis == "essential"]
    return (essential or list(found.purposes))[0], ()


def _showable(rules: Rules, found: Touchpoint) -> Iterator[Showable]:
    seen: set[str] = set()
    for share, party in _shares(rules, found, public=True):
        for purpose in share.purposes:
            for field in found.fields:
                collected = rules.find("collect", purpose, field.category, AT)
                shown = rules.find("share", purpose, field.category, party)
                if field.key not in seen and collected.allowed and shown.allowed:
                    seen.add(field.key)
                    yield Showable(field, purpose, party, collected.clause or shown.clause)
