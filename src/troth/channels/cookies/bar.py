"""The bar of a first visit: quiet, in the flow of the page, and only where there is a choice."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from troth.channels.cookies import listing
from troth.channels.cookies.standing import published_for, standing_of


def bar(request: HttpRequest) -> str:
    """The bar as HTML; "" where nothing is to be asked: no cookie needs a yes, the browser said no
    by itself to all of them, or the answer is there.
    """
    standing, published = standing_of(request), published_for(request)
    if not standing.unanswered or published is None:
        return ""
    titles = [
        group.title for group in listing.groups(published.policy, standing) if group.unanswered
    ]
    context = {
        "titles": [title[:1].lower() + title[1:] for title in titles],
        "again": standing.record is not None,
        "version": published.version,
        "next": _here(request),
    }
    return render_to_string("cookies/bar.html", context)


def _here(request: HttpRequest) -> str:
    """The page to come back to; "" where its address is a secret, which belongs into no form."""
    match = request.resolver_match
    return "" if match and "token" in match.kwargs else request.get_full_path()
