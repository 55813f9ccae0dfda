"""Unsubscribing (RFC 8058): a POST acts at once, without cookie, log-in or redirect; a GET, which
link scanners make too, changes nothing and shows a page with a button.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth.channels.campaigns.leaving import leave
from troth.channels.campaigns.purposes import is_notice
from troth.channels.campaigns.tokens import CopyMissing, copy_of
from troth.core import clock
from troth.core.notices.versions import current
from troth.kit import links

ONE_CLICK = ("List-Unsubscribe", "One-Click")


@csrf_exempt  # the address is the credential, and it is not in a cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The address in List-Unsubscribe and behind the link in the letter."""
    copy = copy_of(token)
    published = current()
    purpose = published.rules.purposes.get(copy.campaign.purpose)
    if is_notice(copy.campaign.kind, copy.campaign.purpose):
        raise CopyMissing  # a notice carries no such link: somebody made this one up
    if request.method == "POST":
        by_program = request.POST.get(ONE_CLICK[0]) == ONE_CLICK[1]
        leave(copy, way="one-click" if by_program else "unsubscribe-link")
    limit, now = published.rules.deadlines.get("unsubscribe"), clock.now()
    context = {
        "purpose": purpose,
        "limit": limit,
        "now": now,
        "due": limit.within.due(now, published.policy.company.calendar) if limit else None,
        "done": request.method == "POST",
        "preferences": "/preferences/" + links.sign("preferences", copy.person.ref),
    }
    answer = render(request, "campaigns/unsubscribe.html", context)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
