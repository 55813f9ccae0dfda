"""What a policy says that does not hold together: names, contradictions, doubts."""

from __future__ import annotations

from datetime import date

from troth.policy.build import Built
from troth.policy.checks import contradictions, doubts, names
from troth.policy.checks.ground import Ground
from troth.policy.document import Document
from troth.policy.problems import Problems


def check(built: Built, document: Document, problems: Problems, today: date) -> None:
    """Note everything wrong or doubtful in a policy, as far as it could be read.

    If whole tables are lost, what is missing elsewhere proves nothing, and doubts are not raised.
    """
    ground = Ground(built.policy, document, problems, today, built.broken)
    for part in (names, contradictions, doubts) if built.complete else (names, contradictions):
        for find in part.CHECKS:
            find(ground)
