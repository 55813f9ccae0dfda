"""The policy: what is in force, what was, what changed, and the flow of data as a picture."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from troth.core.notices.versions import version
from troth.hub.console.pages import page
from troth.hub.console.queries import policy as queries
from troth.kit.words import listing
from troth.policy import picture as draw, render_html


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """The version in force, as people read it."""
    return _shown(request, queries.in_force())


@require_safe
def policy_version(request: HttpRequest, name: str) -> HttpResponse:
    """Any published version."""
    return _shown(request, version(name))


def _shown(request: HttpRequest, found: Any) -> HttpResponse:
    versions = queries.versions()
    if found is None:
        return page(request, "policy/none.html")
    html = render_html(found.policy)
    return page(
        request,
        "policy/version.html",
        {
            "published": found,
            "policy": found.policy,
            "html": mark_safe(html),  # noqa: S308 - the renderer sanitises what the file says
            "versions": versions,
            "bound": queries.bound(),
            "visits": queries.begun().get(found.version, 0),
            "newest": versions[0].version == found.version,
        },
    )


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """What changed in effect between two published versions; by default the last two."""
    versions = queries.versions()
    names = [one.version for one in versions]
    new = request.GET.get("new") or (names[0] if names else "")
    after = names[names.index(new) + 1 :] if new in names else []
    old = request.GET.get("old") or (after[0] if after else "")
    comparison = queries.between(old, new) if old and new else None
    return page(
        request,
        "policy/compare.html",
        {
            "versions": versions,
            "old": old,
            "new": new,
            "comparison": comparison,
            "changes": queries.changes(comparison) if comparison else [],
        },
    )


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """The flows of data of the version in force: touchpoint, purpose, recipient."""
    found = queries.in_force()
    if found is None:
        return page(request, "policy/none.html")
    return page(
        request,
        "policy/picture.html",
        {
            "published": found,
            "svg": mark_safe(draw(found.policy)),  # noqa: S308 - made by us, its words escaped
            "touchpoints": [
                {
                    "title": one.title or one.key,
                    "clause": one.clause,
                    "asks": listing([field.label for field in one.fields]) or "nothing",
                    "serves": listing([found.rules.purposes[key].label for key in one.purposes]),
                }
                for one in found.rules.touchpoints.values()
            ],
        },
    )
