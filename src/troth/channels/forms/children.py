"""Turning away whom the policy is too early for: nothing is kept, and the page says kindly why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from troth.channels.forms import acts
from troth.channels.forms.fields import age_clause
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id


class ChildDenied(Denied):
    """Whoever sent this said that they are too young. Nothing of it may be kept or shown."""

    status = 422

    def __init__(self) -> None:
        rules = current().rules
        super().__init__(
            f"This is not for people under {rules.minimum_age}.",
            why="We may not take anything from them, so nothing of what was written was kept.",
            clause=age_clause(rules),
            do="Ask a parent or guardian to write instead.",
        )


@action
def refuse(*, actor: Actor, touchpoint: str) -> None:
    """Put on the ledger that somebody too young was turned away; nothing says who."""
    published = current()
    record(
        act=acts.CHILD_REFUSED,
        organisation=current_organisation_id(),
        actor=actor,
        clause=age_clause(published.rules),
        version=published.version,
        detail={"touchpoint": touchpoint},
    )


def page(request: HttpRequest, *, shell: str = "kit/public.html") -> HttpResponse:
    """Says why, without a word of what was typed; no cache keeps it."""
    published = current()
    context = {
        "age": published.rules.minimum_age,
        "clause": age_clause(published.rules),
        "contact": published.policy.company.privacy_contact,
        "shell": shell,
    }
    answer = render(request, "forms/child.html", context, status=ChildDenied.status)
    answer["Cache-Control"] = "no-store"
    return answer
