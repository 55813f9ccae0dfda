"""What other parts may use of cases."""

from __future__ import annotations

from troth.core.cases.entering import CaseDenied, CaseInvalid, CaseMissing, by_ref
from troth.core.cases.hooks import on_closed
from troth.core.cases.models import Case
from troth.core.cases.opening import open_case

__all__ = [
    "Case",
    "CaseDenied",
    "CaseInvalid",
    "CaseMissing",
    "by_ref",
    "on_closed",
    "open_case",
]
