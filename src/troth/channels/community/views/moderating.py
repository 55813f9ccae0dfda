"""The forum for those who look after it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth.channels.cases.api import ground_in_words, open_reports
from troth.channels.community.clauses import POST, needed
from troth.channels.community.forms import BoardForm, HideForm
from troth.channels.community.forum import moderating, reading
from troth.channels.community.models import Board, Post
from troth.core.cases.moderating import grounds
from troth.core.errors import Invalid, Refusal


@never_cache
@require_safe
def queue(request: Any) -> HttpResponse:
    """What was reported, what is hidden, and the newest threads."""
    needed(POST)
    return _queue(request, BoardForm())


@never_cache
@require_POST
def boards(request: Any) -> HttpResponse:
    """One more board."""
    form, refusal = BoardForm(request.POST), None
    if form.is_valid():
        try:
            moderating.make_board(actor=request.actor, **form.cleaned_data)
            return redirect("community:queue")
        except Invalid as refused:
            refusal = refused
    return _queue(request, form, refusal, status=422)


@never_cache
@require_POST
def close_board(request: Any, slug: str) -> HttpResponse:
    closed = request.POST.get("do") == "close"
    moderating.close_board(reading.board(slug), actor=request.actor, closed=closed)
    return redirect("community:queue")


@never_cache
@require_http_methods(["GET", "HEAD"])
def thread(request: Any, ref: str) -> HttpResponse:
    """A thread with all that is hidden in it, and what posts said before they were changed."""
    needed(POST)
    return _thread(request, ref)


@never_cache
@require_POST
def arrange(request: Any, ref: str) -> HttpResponse:
    found = reading.thread(ref)
    moderating.arrange(found, actor=request.actor, how=request.POST.get("do", ""))
    return redirect("community:moderate", ref)


@never_cache
@require_POST
def hide(request: Any, ref: str) -> HttpResponse:
    post = reading.post(ref)
    form = HideForm(request.POST, grounds=_grounds())
    if not form.is_valid():
        return _thread(request, post.thread.ref, form, status=422)
    moderating.hide(post, actor=request.actor, **form.cleaned_data)
    messages.success(request, "It is hidden, and its author is told why.")
    return redirect("community:moderate", post.thread.ref)


@never_cache
@require_POST
def restore(request: Any, ref: str) -> HttpResponse:
    post = reading.post(ref)
    moderating.restore(post, actor=request.actor)
    return redirect("community:moderate", post.thread.ref)


def _thread(
    request: Any, ref: str, form: HideForm | None = None, status: int = 200
) -> HttpResponse:
    found = reading.thread(ref)
    posts = reading.for_moderators(list(reading.of_thread(found)), actor=request.actor)
    context = {
        "thread": found,
        "title": reading.title(found),
        "posts": posts,
        "form": form or HideForm(grounds=_grounds()),
        "may_hide": "cases.open" in request.actor.abilities,
    }
    return render(request, "community/moderate.html", context, status=status)


def _queue(
    request: Any, form: BoardForm, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    hidden = Post.objects.filter(state=Post.State.HIDDEN).select_related("thread__board")
    context = {
        "boards": list(Board.objects.all()),
        "lines": reading.lines(list(reading.threads().order_by("-moved_at")[:30])),
        "hidden": list(hidden.order_by("-posted_at")[:30]),
        "reports": open_reports(f"{moderating.KIND}."),
        "form": form,
        "refusal": refusal,
        "place": needed(POST),
    }
    return render(request, "community/queue.html", context, status=status)


def _grounds() -> list[tuple[str, str]]:
    return [(key, ground_in_words(key)) for key in grounds(f"{moderating.KIND}.")]
