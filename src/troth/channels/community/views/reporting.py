"""Reporting a post, by anybody: whoever's right it harms needs no account to say so."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.cases.api import ground_in_words
from troth.channels.community.clauses import POST, needed
from troth.channels.community.forms import ReportForm
from troth.channels.community.forum import moderating, reading
from troth.channels.community.models import Post
from troth.channels.community.views.forum import shown
from troth.core.actors import Actor
from troth.core.cases.moderating import grounds, report as open_report
from troth.kit.throttle.counting import caller_of, throttle

PER_HOUR: Final = 10


@csrf_exempt  # it needs no session, so another site has nothing of anybody's to misuse
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a post down, please: it becomes a case, which somebody of the staff decides."""
    needed(POST)
    found = reading.post(ref)
    if found.state == Post.State.REMOVED:
        return redirect("community:post", ref)
    about = moderating.about(found)
    named = [(key, ground_in_words(key)) for key in grounds(about)]
    form = ReportForm(request.POST if request.method == "POST" else None, grounds=named)
    if form.is_bound and form.is_valid():
        throttle("community.report", caller_of(request), limit=PER_HOUR, seconds=60 * 60)
        said = form.cleaned_data
        ground = dict(named).get(said["ground"], "Something else")
        open_report(about, actor=Actor.visitor(), words=f"{ground}. {said['words']}")
        return redirect("community:reported")
    status = 422 if form.is_bound else 200
    return shown(request, "report", form=form, post=reading.seen([found])[0], status=status)


@never_cache
@require_safe
def reported(request: HttpRequest) -> HttpResponse:
    return shown(request, "reported")
