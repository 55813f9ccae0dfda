"""The policy language: read, check, compile, compare and render a privacy policy.

Pure Python; nothing here knows Django.
"""

from troth.policy.model import Clause, Policy
from troth.policy.problems import Problem
from troth.policy.reading import Reading, read
from troth.policy.rules import Rules, compile  # noqa: A004
from troth.policy.touchpoints import Field, Touchpoint
from troth.policy.verdicts import Rule

__all__ = [
    "Clause",
    "Field",
    "Policy",
    "Problem",
    "Reading",
    "Rule",
    "Rules",
    "Touchpoint",
    "compile",
    "read",
]
