"""Publishing a version of the policy."""

from __future__ import annotations

from collections.abc import Callable

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.ledger.api import record
from troth.core.notices import acts, versions
from troth.core.notices.models import PolicyVersion
from troth.core.organisations.scope import current_organisation_id
from troth.policy import Problem, Rules, compare, compile, read  # noqa: A004 - its verb


class PolicyInvalid(Invalid):
    """The policy has errors; `problems` names each with its place."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        first = problems[0]
        super().__init__(
            f"The policy has {len(problems)} error(s) and was not published.",
            why=f"{first.code} in line {first.line}: {first.message}",
            do=first.hint or "Run `troth policy check FILE` to see them all.",
        )


_on_publish: list[Callable[[Rules | None, Rules], None]] = []


def on_publish(hear: Callable[[Rules | None, Rules], None]) -> None:
    """Have `hear` called with the old rules and the new, inside the transaction of publishing."""
    if hear not in _on_publish:  # `ready()` may run again
        _on_publish.append(hear)


_after: list[Callable[[PolicyVersion], None]] = []


def after_publish(hear: Callable[[PolicyVersion], None]) -> None:
    """Have `hear` called with a new version in force, at the end of the publishing transaction."""
    if hear not in _after:  # `ready()` may run again
        _after.append(hear)


@action
def publish(source: str, *, actor: Actor, name: str = "policy.toml") -> PolicyVersion:
    """Check, compare and put in force. It acts at once; data already held stays bound to the
    version it was collected under (the gate sees to that). Raises `PolicyInvalid`.
    """
    actor.needs("policy.publish")
    reading = read(source, name=name)
    if reading.policy is None:
        raise PolicyInvalid(tuple(p for p in reading.problems if p.severity == "error"))
    policy = reading.policy
    previous = PolicyVersion.objects.first()
    if PolicyVersion.objects.filter(version=policy.version).exists():
        raise Invalid(
            f"Version {policy.version} is published already.",
            why="A published version never changes: people agreed to it as it stands.",
            do="Give the file a new `version` and publish again.",
        )
    before = versions.current() if previous is not None else None
    material = before is not None and compare(before.policy, policy).material
    row = PolicyVersion.objects.create(
        version=policy.version, source=source, material=material, published_at=clock.now()
    )
    for hear in _on_publish:
        hear(before.rules if before else None, compile(policy))
    record(
        act=acts.PUBLISHED,
        organisation=current_organisation_id(),
        actor=actor,
        version=policy.version,
    )
    for tell in _after:
        tell(row)
    return row
