"""Reading a policy file: from bytes to a checked policy, or to all that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from troth.policy.build import build
from troth.policy.checks import check
from troth.policy.document import load
from troth.policy.model import Policy
from troth.policy.periods import today
from troth.policy.problems import Problem, Problems


@dataclass(frozen=True, slots=True)
class Reading:
    """A policy and its problems. `policy` is None if one of them is an error."""

    policy: Policy | None
    problems: tuple[Problem, ...]
    source: str = ""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop publishing."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def read(source: bytes | str, name: str = "policy.toml", on: date | None = None) -> Reading:
    """Read and check a policy. Whatever the input, this returns; it never raises.

    `name` stands in the problems as the file. `on` is the day (today in UTC if left out); it
    decides which safeguards have run out.
    """
    problems = Problems(name)
    document = load(source, problems)
    if document.values or not problems.errors:
        built = build(document, problems)
        if document.whole and not problems.full:
            check(built, document, problems, on or today())
        if not problems.errors:
            return Reading(built.policy, tuple(problems), document.text)
    return Reading(None, tuple(problems), document.text)
