"""What a policy says that does not hold together."""

from __future__ import annotations

from datetime import date

from troth.policy.document import Document
from troth.policy.model import Policy
from troth.policy.problems import Problems


def check(policy: Policy, document: Document, problems: Problems, today: date) -> None:
    """Note every contradiction and doubt."""
