"""What other parts may use of cases.

    case = open_case("remedy", actor=actor, recipient="crm", about="recipient.crm",
                     ground="inability", words={"what": "…"})
    on_closed("remedy", lift)                 # in ready(): called with the case and the actor

At the gate: `use(…, to="courts", case=case.ref)`.
"""

from __future__ import annotations

from troth.core.cases.bundling import bundle
from troth.core.cases.clauses import Openable, openable, openable_under
from troth.core.cases.deciding import OUTCOMES, approve, close, note, refuse, take
from troth.core.cases.documents import add_document, names, read_document
from troth.core.cases.drafting import (
    WORDS,
    add_people,
    draft,
    lacking,
    needs_of,
    submit,
    waiting_for,
)
from troth.core.cases.entering import CaseDenied, CaseInvalid, CaseMissing, by_ref, read
from troth.core.cases.exporting import export
from troth.core.cases.hooks import on_closed
from troth.core.cases.models import Case, Concern, Document
from troth.core.cases.opening import open_case
from troth.core.cases.queries import cases, clock_of, history, overdue, still_open
from troth.core.cases.telling import tell_due

__all__ = [
    "OUTCOMES",
    "WORDS",
    "Case",
    "CaseDenied",
    "CaseInvalid",
    "CaseMissing",
    "Concern",
    "Document",
    "Openable",
    "add_document",
    "add_people",
    "approve",
    "bundle",
    "by_ref",
    "cases",
    "clock_of",
    "close",
    "draft",
    "export",
    "history",
    "lacking",
    "names",
    "needs_of",
    "note",
    "on_closed",
    "open_case",
    "openable",
    "openable_under",
    "overdue",
    "read",
    "read_document",
    "refuse",
    "still_open",
    "submit",
    "take",
    "tell_due",
    "waiting_for",
]
