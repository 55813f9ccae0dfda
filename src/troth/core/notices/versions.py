"""Which policy is in force, compiled and ready to decide with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

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
    newest = PolicyVersion.objects.values_list("id", flat=True).first()
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


def origins(purpose: str) -> frozenset[tuple[str, str, str]]:
    """Touchpoint, version and category of all data that was collected for this purpose.

    A version speaks for what was collected under it; where the policy in force still has the
    touchpoint, it has to give the purpose too, so that a narrowing acts at once.
    """
    newest = PolicyVersion.objects.values_list("id", flat=True).first()
    return _origins(newest, current_organisation_id(), purpose) if newest else frozenset()


@lru_cache(maxsize=1024)
def _origins(newest: UUID, organisation: UUID, purpose: str) -> frozenset[tuple[str, str, str]]:
    now = _load(newest, organisation).rules
    found = set()
    with scope(organisation):
        ids = list(PolicyVersion.objects.values_list("id", flat=True))
    for version_id in ids:
        try:
            published = _load(version_id, organisation)
        except PolicyMissing:
            continue  # this release cannot read it, so nothing under it is known to be permitted
        for (act, key, category, touchpoint), _rule in published.rules.granted():
            if (act, key) != ("collect", purpose):
                continue
            if (
                touchpoint in now.touchpoints
                and not now.find(act, key, category, touchpoint).allowed
            ):
                continue
            found.add((touchpoint, published.version, category))
    return frozenset(found)


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
