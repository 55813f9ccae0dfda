"""Words for what is held: where it came from and what it is, in the policy's own labels."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from troth.core.notices import versions
from troth.core.notices.versions import PolicyMissing, current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element
from troth.policy import Rules


def rules_of(version: str) -> Rules:
    """The rules of a version, or of the one in force if that cannot be read any more."""
    try:
        return _rules(current_organisation_id(), version)
    except PolicyMissing:
        return current().rules


@lru_cache(maxsize=64)
def _rules(_organisation: UUID, version: str) -> Rules:
    """A published version never changes, and each of a thousand values asks for its own."""
    return versions.version(version).rules


def source_of(rules: Rules, touchpoint: str) -> str:
    place = rules.touchpoints.get(touchpoint)
    return place.title if place and place.title else touchpoint


def label_of(rules: Rules, element: Element) -> str:
    name, mark, number = element.name.partition("#")  # one of several of a kind
    found = rules.policy.elements.get(name)
    label = found.label if found and found.label else name
    return f"{label} {number}" if mark else label


def purposes_of(rules: Rules, touchpoint: str, category: str) -> tuple[str, ...]:
    """What the place collects this for, by key."""
    found = rules.touchpoints.get(touchpoint)
    if found is None:
        return ()
    return tuple(
        key for key in found.purposes if rules.find("collect", key, category, touchpoint).allowed
    )
