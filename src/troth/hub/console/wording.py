"""Keys as people read them: data categories, elements, touchpoints, purposes, acts."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any

from troth.core.clients import api as clients
from troth.core.ledger.api import Line, acts
from troth.core.ledger.timelines import plain
from troth.core.notices.versions import PolicyMissing, current
from troth.core.staff.models import Membership
from troth.kit.categories import WORDS
from troth.kit.words import listing, number
from troth.policy import Rules, taxonomy

SHORT = 6

# The acts' sentences speak to the person they are about. Here the staff reads of that person.
_TURNS = (
    (re.compile(r"\byour \{data\} for"), "{data} of {subject} for"),
    (re.compile(r"\byour \{data\}"), "{data} of {subject}"),
    (re.compile(r"\bof you\b"), "of {subject}"),
    (re.compile(r"\bYou\b"), "{subject}"),
    (re.compile(r"\byour own\b"), "their own"),
    (re.compile(r"\byours?\b"), "their"),
    (re.compile(r"\b(to|about|for|by|with) you\b"), r"\1 {subject}"),
    (re.compile(r"\byou\b"), "they"),
)


def category(key: str) -> str:
    """A data category in words: `E-mail address`."""
    names = taxonomy.categories().names
    return theirs(taxonomy.LABELS.get(key) or WORDS.get(key) or names.get(key) or key)


def inside(words: str) -> str:
    """A label as it stands inside a sentence: `e-mail address`, yet `IP address`."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def theirs(label: str) -> str:
    """A form's label, which speaks to the person, as the staff reads it: `Your name` is a name."""
    rest = label.removeprefix("Your ")
    return rest[:1].upper() + rest[1:]


def short(ref: str) -> str:
    return ref[:SHORT]


class Wording:
    """The words of one page, under the policy in force. Made anew for each page."""

    def __init__(self, *, me: str = "", subject: str = "") -> None:
        self.me, self.about = me, subject

    @cached_property
    def rules(self) -> Rules | None:
        try:
            return current().rules
        except PolicyMissing:
            return None

    @cached_property
    def roles(self) -> Mapping[str, str]:
        return dict(Membership.objects.values_list("ref", "role__name"))

    @cached_property
    def provider(self) -> Collection[str]:
        """The staff of those whose client this organisation is, by reference."""
        return clients.provider_staff()

    def element(self, name: str, key: str) -> str:
        """What a form calls this element."""
        found = self.rules.policy.elements.get(name) if self.rules else None
        return theirs((found.label if found else "") or category(key))

    def touchpoint(self, key: str) -> str:
        found = self.rules.touchpoints.get(key) if self.rules else None
        return (found.title if found else "") or key

    def purpose(self, key: str) -> str:
        found = self.rules.purposes.get(key) if self.rules else None
        return found.label if found else key

    def recipient(self, key: str) -> str:
        found = self.rules.recipients.get(key) if self.rules else None
        return found.name if found else key

    def sentence(self, line: Line) -> str:
        """What an entry of the ledger tells, as the staff reads it."""
        act = acts().get(line.act)
        if act is None:  # a part that is no longer installed recorded it
            return line.act
        template = act.sentence
        for pattern, words in _TURNS:
            template = pattern.sub(words, template)
        told = template.format_map({k: self.say(k, value) for k, value in line.values.items()})
        return told[:1].upper() + told[1:]

    def say(self, placeholder: str, value: Any) -> str:
        """A value of an entry in words."""
        if placeholder == "actor":
            return self.actor(value)
        if placeholder == "subject":
            return self.subject(value)
        if placeholder == "data":
            return listing([inside(category(key)) for key in value]) if value else "no data"
        if placeholder == "purpose":
            return f"“{self.purpose(value)}”" if value else "no purpose"
        if placeholder == "to":
            return self.recipient(value)
        if isinstance(value, int):
            return number(value)
        return plain(placeholder, value)

    def actor(self, value: Mapping[str, str]) -> str:
        kind, ref = value["kind"], value["ref"]
        if kind == "staff":
            who = f"{self.roles.get(ref) or self._elsewhere(ref)} {short(ref)}"
            return f"{who} (you)" if ref == self.me else who
        if kind == "person":
            return "the person" if ref == self.about else f"person {short(ref)}"
        return f"the software ({ref})" if kind == "system" else "a visitor"

    def _elsewhere(self, ref: str) -> str:
        return "the provider’s staff" if ref in self.provider else "former staff"

    def subject(self, ref: str | None) -> str:
        if not ref:
            return "nobody"
        return "the person" if ref == self.about else f"person {short(ref)}"
