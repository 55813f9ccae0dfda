"""Which policy is in force, compiled and ready to decide with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID

from troth.core.asking import ask
from troth.core.errors import Missing
from troth.core.notices.models import PolicyVersion
from troth.core.organisations.scope import current_organisation_id, scope
from troth.policy import Policy, Rules, compile, read  # noqa: A004 - the verb of the language


class PolicyMissing(Missing):
    """The organisation has published no policy (or not this version): everything is denied."""


@dataclass(frozen=True)
class Published:
    """A published version with its rules."""

    id: UUID
    version: str
    published_at: datetime
    policy: Policy
    rules: Rules


def current() -> Published:
    """The version in force for the organisation in scope. One small query."""
    organisation = current_organisation_id()
    newest = ask(PolicyVersion, "id")
    if newest is None:
        raise PolicyMissing(
            "This organisation has published no policy.",
            why="Without a policy nothing is permitted.",
            do="Publish one: `troth policy publish FILE`, or the Policy page of the console.",
        )
    return _load(newest, organisation)


def version(name: str) -> Published:
    """A version by its name, also an old one. Raises `PolicyMissing`."""
    found = PolicyVersion.objects.filter(version=name).values_list("id", flat=True).first()
    if found is None:
        raise PolicyMissing("There is no such version of the policy.")
    return _load(found, current_organisation_id())


def origins(purpose: str, to: str = "") -> frozenset[tuple[str, str, str]]:
    """Touchpoint, version and category of all data that was collected for this purpose; with `to`
    only what could go to that recipient under the version it was collected under.

    A version speaks for what was collected under it; where the policy in force still has the
    touchpoint, it has to give the purpose too, so that a narrowing acts at once.
    """
    newest = PolicyVersion.objects.values_list("id", flat=True).first()
    return _given(newest, current_organisation_id(), purpose, to)[0] if newest else frozenset()


def widened(purpose: str, to: str = "") -> Mapping[str, frozenset[tuple[str, str, str]]]:
    """By version: what `origins` grows by for somebody who was told of that version and had the
    time to refuse. It is the data of earlier versions, seen as if it had come under this one.
    """
    newest = PolicyVersion.objects.values_list("id", flat=True).first()
    return _given(newest, current_organisation_id(), purpose, to)[1] if newest else {}


Origins = frozenset[tuple[str, str, str]]


@lru_cache(maxsize=1024)
def _given(
    newest: UUID, organisation: UUID, purpose: str, to: str
) -> tuple[Origins, Mapping[str, Origins]]:
    """`newest` is only there to begin anew with each version."""
    versions = _history(newest, organisation)
    now = versions[-1].rules
    allowed: list[tuple[str, frozenset[tuple[str, str]]]] = []
    for published in versions:
        questions = {question for question, _ in published.rules.granted()}
        places = {
            (place, category)
            for act, key, category, place in questions
            if (act, key) == ("collect", purpose)
            and (not to or ("share", purpose, category, to) in questions)
            and (place not in now.touchpoints or now.find("collect", key, category, place).allowed)
        }
        allowed.append((published.version, frozenset(places)))
    own = frozenset((place, name, category) for name, at in allowed for place, category in at)
    wider = {
        name: frozenset(
            (place, earlier, category)
            for earlier, before in allowed[:number]
            for place, category in at - before
        )
        for number, (name, at) in enumerate(allowed)
    }
    return own, MappingProxyType(wider)


def _history(newest: UUID, organisation: UUID) -> list[Published]:
    """All versions, the oldest first, but those that this release cannot read: nothing under them
    is known to be permitted.
    """
    with scope(organisation):
        ids = list(PolicyVersion.objects.values_list("id", flat=True))
    found = []
    for version_id in reversed(ids):
        try:
            found.append(_load(version_id, organisation))
        except PolicyMissing:
            if version_id == newest:
                raise
    return found


@lru_cache(maxsize=64)
def _load(version_id: UUID, organisation: UUID) -> Published:
    with scope(organisation):
        row = PolicyVersion.objects.get(pk=version_id)
    policy = read(row.source, name=f"{row.version}.toml").policy
    if policy is None:  # published versions were checked; a later release may have grown stricter
        raise PolicyMissing(
            f"Version {row.version} of the policy cannot be read by this release.",
            do="Run `troth policy check` on the file and publish a corrected version.",
        )
    return Published(row.pk, row.version, row.published_at, policy, compile(policy))
