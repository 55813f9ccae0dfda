"""What the software says when it will not do something: what happened, why, what to do.

Every exception of Troth ends in `Denied`, `Invalid` or `Missing` and carries words for people.
None may ever be given a personal value: messages name categories, purposes, clauses and ids.
"""

from __future__ import annotations


class Refusal(Exception):
    """The base of all refusals. `what` happened, `why`, `clause` that decides, what to `do`."""

    status = 400

    def __init__(self, what: str, *, why: str = "", clause: str = "", do: str = "") -> None:
        super().__init__(what)
        self.what, self.why, self.clause, self.do = what, why, clause, do

    def __str__(self) -> str:
        """Three lines for a terminal; empty parts are left out."""
        why = f"{self.why} (§ {self.clause})" if self.clause else self.why
        return "\n".join(line for line in (self.what, why, self.do) if line)


class Denied(Refusal):
    """No clause permits it, a clause forbids it, or the person refused."""

    status = 403


class Invalid(Refusal):
    """The input is not of the form that was asked."""


class Missing(Refusal):
    """Something that has to be there is not: a registration, a key, a record."""

    status = 404
