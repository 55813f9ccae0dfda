"""The forum as everybody reads it: no log-in is looked at, and no cookie is set."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from troth.channels.cases.api import ground_in_words
from troth.channels.community.clauses import POST, needed
from troth.channels.community.forum import acknowledging, reading
from troth.channels.community.models import Post
from troth.core.notices.versions import current


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The boards, and what was written last."""
    newest = reading.lines(list(reading.threads().order_by("-moved_at")[:10]))
    return shown(request, "forum", lines=newest, boards=reading.boards())


@never_cache
@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    needed(POST)
    found = reading.board(slug)
    page = _page(request, reading.threads().filter(board=found))
    lines = reading.lines(list(page.object_list))
    return shown(request, "board", board=found, page=page, lines=lines)


@never_cache
@require_safe
def thread(request: HttpRequest, ref: str) -> HttpResponse:
    needed(POST)
    found = reading.thread(ref)
    page = _page(request, reading.of_thread(found))
    posts = reading.seen(list(page.object_list))
    title = reading.title(found)
    return shown(request, "thread", thread=found, title=title, page=page, posts=posts)


@never_cache
@require_safe
def post(request: HttpRequest, ref: str) -> HttpResponse:
    """Where a post stands; of one that is hidden or gone, why."""
    needed(POST)
    found = reading.post(ref)
    if found.state == Post.State.SHOWN and reading.seen([found])[0].there:
        before = found.thread.posts.filter(number__lt=found.number).count()
        at = before // reading.PER_PAGE + 1
        page = f"?page={at}" if at > 1 else ""
        address = reverse("community:thread", args=[found.thread.ref])
        return redirect(f"{address}{page}#p{found.number}")
    ground = ground_in_words(found.ground) if found.ground else ""
    return shown(request, "gone", post=found, ground=ground, status=410)


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    needed(POST)
    asked = request.GET.get("q", "")[:200]
    found = reading.search(asked) if asked.strip() else []
    return shown(request, "search", asked=asked, found=found)


def shown(
    request: HttpRequest, page_name: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the forum, with what the policy says of it."""
    policy = current()
    context |= {
        "place": needed(POST),
        "notices": acknowledging.notices(),
        "party": policy.rules.recipients[needed(POST).to],
        "company": policy.policy.company,
    }
    return render(request, f"community/{page_name}.html", context, status=status)


def _page(request: HttpRequest, rows: Any) -> Any:
    return Paginator(rows, reading.PER_PAGE).get_page(request.GET.get("page"))
