"""Writing in the forum, for whoever is logged in."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from troth.channels.accounts.api import account_parts
from troth.channels.community.clauses import POST, needed
from troth.channels.community.forms import NameForm, PostForm
from troth.channels.community.forum import acknowledging, naming, posting, reading
from troth.channels.community.models import Post
from troth.channels.community.views.forum import shown
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid, Refusal
from troth.core.gate import uses
from troth.core.people.models import Element
from troth.core.staff.members import membership_of, staff_actor
from troth.kit.throttle.counting import throttle

METHODS: Final = ["GET", "HEAD", "POST"]
PER_HOUR: Final = 60
NAMES_PER_HOUR: Final = 20
"""Whoever tries names learns which ones are taken."""


@never_cache
@require_http_methods(METHODS)
def terms(request: Any) -> HttpResponse:
    """What holds here, before the first post; and the name to go by."""
    person = request.user.person.root
    form = None if naming.named(person) else NameForm(request.POST or None)
    refusal: Refusal | None = None
    if request.method == "POST" and (form is None or form.is_valid()):
        throttle("community.name", str(person.pk), limit=NAMES_PER_HOUR, seconds=60 * 60)
        try:
            acknowledging.note(
                person,
                actor=request.actor,
                clauses=request.POST.getlist("noted"),
                notice=request.POST.get("notice", ""),
            )
            if form is not None:
                naming.choose(person, actor=request.actor, name=form.cleaned_data["name"])
        except Invalid as refused:
            refusal = refused
        else:
            return redirect(_next(request))
    return shown(
        request,
        "terms",
        form=form,
        refusal=refusal,
        noted=acknowledging.noted(person),
        notice=acknowledging.digest(),
        next=_next(request),
        status=422 if request.method == "POST" else 200,
    )


@never_cache
@require_http_methods(METHODS)
def begin(request: Any, slug: str) -> HttpResponse:
    """A new thread."""
    needed(POST)
    board = reading.board(slug)

    def do(form: PostForm) -> Post:
        return posting.begin(
            board,
            actor=request.actor,
            person=request.user.person.root,
            title=form.cleaned_data["title"],
            text=form.cleaned_data["text"],
            speaks=_speaker(request) if form.cleaned_data.get("speaks") else None,
        )

    return _written(request, do, titled=True, board=board)


@never_cache
@require_http_methods(METHODS)
def reply(request: Any, ref: str) -> HttpResponse:
    """An answer; with `quotes`, to one post."""
    needed(POST)
    thread = reading.thread(ref)
    asked = request.GET.get("quotes", "")
    quoted = Post.objects.filter(thread=thread, ref=asked).first() if asked else None
    seen = reading.seen([quoted])[0] if quoted else None

    def do(form: PostForm) -> Post:
        return posting.reply(
            thread,
            actor=request.actor,
            person=request.user.person.root,
            text=form.cleaned_data["text"],
            quotes=quoted,
            speaks=_speaker(request) if form.cleaned_data.get("speaks") else None,
        )

    title = reading.title(thread)
    return _written(request, do, thread=thread, quoted=seen, title=title)


@never_cache
@require_http_methods(METHODS)
def edit(request: Any, ref: str) -> HttpResponse:
    """Other words for one's own post."""
    needed(POST)
    post = _mine(request, ref)
    seen = reading.seen([post])[0]

    def do(form: PostForm) -> Post:
        return posting.edit(
            post,
            actor=request.actor,
            person=request.user.person.root,
            text=form.cleaned_data["text"],
        )

    return _written(request, do, initial={"text": seen.text}, post=post, speaking=False)


@never_cache
@require_POST
def remove(request: Any, ref: str) -> HttpResponse:
    needed(POST)
    post = _mine(request, ref)
    posting.remove(post, actor=request.actor, person=request.user.person.root)
    messages.success(request, "Your post is taken out. What it said is gone.")
    return redirect("community:own")


@never_cache
@require_http_methods(METHODS)
def own(request: Any) -> HttpResponse:
    """One's own name and posts, in the account."""
    place, person = needed(POST), request.user.person.root
    form = NameForm(request.POST or None)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        throttle("community.name", str(person.pk), limit=NAMES_PER_HOUR, seconds=60 * 60)
        try:
            acknowledging.needs_note(person)
            naming.choose(person, actor=request.actor, name=form.cleaned_data["name"])
        except (Denied, Invalid) as refused:
            refusal = refused
        else:
            messages.success(request, "That is your name on all your posts now.")
            return redirect("community:own")
    mine = Post.objects.filter(person__root_id=person.pk).select_related("thread__board", "person")
    posts = reading.seen(list(mine.order_by("-posted_at")[:100]))
    with uses.own(person=person):
        called = Element.objects.filter(
            person__root_id=person.pk, touchpoint=POST, category=place.name.category
        ).order_by("-collected_at", "-id")
        name = str(called[0].value) if called else ""
    return shown(
        request,
        "own",
        parts=account_parts(request),
        posts=posts,
        name=name,
        form=form,
        refusal=refusal,
        status=422 if form.is_bound else 200,
    )


def _written(
    request: Any,
    do: Any,
    *,
    titled: bool = False,
    initial: dict[str, str] | None = None,
    speaking: bool = True,
    **context: Any,
) -> HttpResponse:
    person = request.user.person.root
    form = PostForm(
        request.POST if request.method == "POST" else None,
        titled=titled,
        may_speak=speaking and _may_speak(request),
        initial=initial,
    )
    refusal: Refusal | None = None
    if not form.is_bound and not (acknowledging.noted(person) and naming.named(person)):
        return redirect(f"/forum/terms?next={request.get_full_path()}")
    if form.is_bound and form.is_valid():
        throttle("community.post", str(person.pk), limit=PER_HOUR, seconds=60 * 60)
        try:
            post = do(form)
        except (Denied, Invalid) as refused:
            refusal = refused
        else:
            return redirect("community:post", post.ref)
    status = refusal.status if refusal else 422 if form.is_bound else 200
    return shown(request, "write_post", form=form, refusal=refusal, status=status, **context)


def _may_speak(request: Any) -> bool:
    speaker = _speaker(request)
    return speaker is not None and posting.SPEAK in speaker.abilities


def _speaker(request: Any) -> Actor | None:
    """Whoever is logged in, as a member of the staff."""
    member = membership_of(request.user)
    return staff_actor(member) if member else None


def _mine(request: Any, ref: str) -> Post:
    post = reading.post(ref)
    if post.person.root_id != request.user.person.root_id:
        raise posting.PostDenied("This post is not yours.")
    found: Post = post
    return found


def _next(request: Any) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours and wanted.startswith("/forum/") else "/forum/"
