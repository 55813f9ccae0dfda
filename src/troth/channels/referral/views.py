from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from troth.channels.referral import actions, friends
from troth.channels.referral.pages import InvitePage
from troth.channels.referral.sending import NO_MORE
from troth.core.actors import Actor
from troth.kit import links
from troth.kit.throttle.counting import caller_of, throttle

HOUR = 60 * 60
PER_HOUR = 10  # of one caller; an owner may set another number
LINK_LIFE = timedelta(days=3650)  # a no is taken as long as somebody still has the mail


def _limit() -> int:
    return int(settings.HOME.option("referrals_per_hour", str(PER_HOUR)))


@csrf_exempt  # the page's own mark takes the place of the cookie, as on every form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """The form, for visitors and for who is logged in alike: who sends it is not looked at."""
    page = InvitePage.of(request, friends.INVITE)
    if not friends.works(page.touchpoint):
        raise Http404
    if request.method == "POST":
        throttle("referral", caller_of(request), limit=_limit(), seconds=HOUR)
        return page.receive(request)
    return page.show(request, page.form())


@never_cache
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "referral/sent.html", {"days": actions.LIFE.days})


@csrf_exempt  # the address is the credential, and it is not in a cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def no_more(request: HttpRequest, token: str) -> HttpResponse:
    """Stop all of this kind, from the mail. Looking changes nothing: link scanners look too."""
    digest = bytes.fromhex(links.read(token, NO_MORE, LINK_LIFE))
    done = request.method == "POST"
    if done:
        actions.no_more(digest, actor=Actor.visitor())
    answer = render(request, "referral/no_more.html", {"done": done})
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
