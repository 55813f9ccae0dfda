"""What only the console's templates need."""

from __future__ import annotations

from urllib.parse import urlencode

from django.template import Library

from troth.hub.console.queries.ledger import Filter

register = Library()


@register.filter
def plain(text: str) -> str:
    """A sentence of the policy language without the marks around its keys."""
    return str(text).replace("`", "")


@register.filter
def split(text: str) -> list[str]:
    """`"One,Two"|split`: the labels of a few steps."""
    return str(text).split(",")


@register.simple_tag
def older_link(wanted: Filter, before: int | None) -> str:
    """The query string of the same filter from another position on."""
    parts = {
        "act": wanted.act,
        "since": wanted.since,
        "until": wanted.until,
        "clause": wanted.clause,
        "before": "" if before is None else str(before),
    }
    kept = urlencode({name: value for name, value in parts.items() if value})
    return f"?{kept}" if kept else ""
