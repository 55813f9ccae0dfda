"""The clauses under which a case may be opened: those that let data go on a ground and by two."""

from __future__ import annotations

from dataclasses import dataclass

from troth.core.cases.entering import CaseInvalid
from troth.core.cases.models import Case
from troth.core.cases.needs import Writing, writings
from troth.core.notices.versions import current
from troth.policy import Rules
from troth.policy.blocks import Recipient, Share

CONTENT = "user.content.private"


@dataclass(frozen=True, slots=True)
class Openable:
    """One clause, and what a case under it is about."""

    clause: str
    kind: str
    share: Share
    recipients: tuple[Recipient, ...]
    categories: tuple[str, ...]

    @property
    def words(self) -> str:
        return str(Case.Kind(self.kind).label)

    @property
    def grounds(self) -> tuple[str, ...]:
        return self.share.grounds

    @property
    def needs(self) -> tuple[str, ...]:
        return self.share.needs

    @property
    def purpose(self) -> str:
        return self.share.purposes[0]

    @property
    def writings(self) -> tuple[Writing, ...]:
        return writings(self.kind, self.share.needs)


def openable() -> list[Openable]:
    """All such clauses of the policy in force, in its order."""
    rules = current().rules
    return [
        Openable(
            share.clause,
            kind_of(share, rules),
            share,
            tuple(rules.recipients[key] for key in share.recipients),
            tuple(dict.fromkeys(rules.category(name) for name in share.data)),
        )
        for share in rules.policy.shares
        if share.grounds and "second-approver" in share.needs
    ]


def openable_under(clause: str) -> Openable:
    """The one of that number. Raises `CaseInvalid`."""
    for one in openable():
        if one.clause == clause:
            return one
    raise CaseInvalid(
        "The policy has no such clause that lets data go on a ground.",
        do="Choose one of those on the page of a new case.",
    )


def kind_of(share: Share, rules: Rules) -> str:
    """What kind of case a clause asks for."""
    if any(rules.recipients[key].kind == "successor" for key in share.recipients):
        return Case.Kind.TRANSFER
    if all(rules.category(name).startswith(CONTENT) for name in share.data):
        return Case.Kind.CONTENT
    if "written-belief" in share.needs:
        return Case.Kind.REPORT
    return Case.Kind.PROTECTION if "written-ground" in share.needs else Case.Kind.LEGAL
