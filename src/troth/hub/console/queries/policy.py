"""Versions of the policy, and what a new file would change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count

from troth.core.gate.models import Permit
from troth.core.notices.models import PolicyVersion
from troth.core.notices.shown import shown
from troth.core.notices.versions import PolicyMissing, Published, current, version
from troth.hub.console.queries.people import humans
from troth.policy import Comparison, Policy, Problem, Reading, compare, compile, read  # noqa: A004

SIGNS = {"added": "added", "removed": "removed"}
LONGEST = 200_000  # characters; a request body is limited to 256 KiB


@dataclass(frozen=True, slots=True)
class Change:
    """A change in effect, for the kit's diff."""

    kind: str
    text: str
    clause: str
    material: bool
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """A file that was looked at and not published."""

    reading: Reading
    comparison: Comparison | None
    taken: bool
    people: int
    window: timedelta

    @property
    def policy(self) -> Policy | None:
        return self.reading.policy

    @property
    def errors(self) -> list[Problem]:
        return [one for one in self.reading.problems if one.severity == "error"]

    @property
    def remarks(self) -> list[Problem]:
        return [one for one in self.reading.problems if one.severity != "error"]

    @property
    def changes(self) -> list[Change]:
        return changes(self.comparison) if self.comparison else []

    @property
    def publishable(self) -> bool:
        return self.policy is not None and not self.taken

    @property
    def new_purposes(self) -> list[str]:
        """Labels of the purposes that the version in force does not have."""
        if self.comparison is None or self.policy is None:
            return []
        return [
            found.label if (found := self.policy.purposes.get(key)) else key
            for key in self.comparison.new_purposes
        ]


def in_force() -> Published | None:
    """The version in force, or None before the first is published."""
    try:
        return current()
    except PolicyMissing:
        return None


def versions() -> list[PolicyVersion]:
    """All versions, newest first."""
    return list(PolicyVersion.objects.all())


def bound() -> dict[str, int]:
    """For each version, how many people have data that was collected under it."""
    counted = Permit.objects.values_list("version").annotate(
        people=Count("person_id", distinct=True)
    )
    return dict(counted)


def begun() -> dict[str, int]:
    """For each version, how many visits of strangers began with it before them."""
    return shown()


def try_out(source: str) -> Trial:
    """Check a file and compare it with the version in force. Never raises."""
    reading = read(source)
    now, policy = in_force(), reading.policy
    comparison = compare(now.policy, policy) if now and policy else None
    taken = policy is not None and PolicyVersion.objects.filter(version=policy.version).exists()
    window = compile(policy).window if policy else timedelta()
    return Trial(reading, comparison, taken, humans().count(), window)


def changes(comparison: Comparison) -> list[Change]:
    """What changes in effect, material changes first."""
    found = [
        Change(
            kind=SIGNS.get(one.effect, "changed"),
            text=one.sentence,
            clause=one.clause,
            material=one.material,
        )
        for one in comparison.changes
    ]
    return sorted(found, key=lambda change: not change.material)


def between(old: str, new: str) -> Comparison:
    """What changed from one published version to another. Raises `PolicyMissing`."""
    return compare(version(old).policy, version(new).policy)
