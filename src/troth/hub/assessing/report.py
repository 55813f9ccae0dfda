"""The report for people: one page that asks for nothing else, to print or to hand on."""

from __future__ import annotations

from django.template.loader import render_to_string

from troth.core.assess import comparing
from troth.core.assess.models import Assessment
from troth.core.ledger.api import verifier
from troth.hub.assessing import history


def render(made: Assessment) -> str:
    """The page as HTML, with its styles and drawings in it."""
    before = Assessment.objects.filter(at__lt=made.at).first()
    return render_to_string(
        "assessing/report.html",
        history.shown(made)
        | {
            "changes": comparing.changes(before.content if before else None, made.content),
            "before": before,
            "key": str(verifier(made.organisation_id)),
        },
    )
