"""What a moderator does: hide a post on a ground, show it again; boards; how a thread stands."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.text import slugify

from troth.channels.community import acts
from troth.channels.community.clauses import POST, needed
from troth.channels.community.forum.posting import note, take_out
from troth.channels.community.models import Board, Post, Thread
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.cases import moderating
from troth.core.cases.api import Case, on_closed
from troth.core.changing import renew
from troth.core.errors import Invalid, Missing
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Person

RUN: Final = "forum.run"
KIND: Final = "post"
ARRANGE: Final = {
    "pin": ("pinned", True),
    "unpin": ("pinned", False),
    "lock": ("locked", True),
    "unlock": ("locked", False),
}


def register() -> None:
    """Called once, when the application is ready."""
    moderating.register_target(KIND, moderating.Target(_author, _place, _act, what="community"))
    on_closed(Case.Kind.MODERATION, _closed)


def about(post: Post) -> str:
    """What a case about the post calls it."""
    return f"{KIND}.{post.ref}"


@action
def hide(post: Post, *, actor: Actor, ground: str, words: str) -> Case:
    """Hide a post on a ground of the policy. Its author is told why, and may object."""
    actor.needs(RUN)
    if not words.strip():
        raise Invalid("Say what is wrong with it: its author is told.")
    case = moderating.report(about(post), actor=actor, words=words)
    moderating.decide(case, actor=actor, done="blocked", ground=ground, words=words)
    return case


@action
def restore(post: Post, *, actor: Actor) -> None:
    """Show a hidden post again."""
    actor.needs(RUN)
    renew(post, held=True)
    if post.state != Post.State.HIDDEN:
        raise Invalid("This post is not hidden.")
    _show(post, actor)


@action
def arrange(thread: Thread, *, actor: Actor, how: str) -> None:
    """Pin or lock a thread, or undo it."""
    actor.needs(RUN)
    if how not in ARRANGE:
        raise Invalid("Nothing of that kind is done with a thread.")
    name, value = ARRANGE[how]
    setattr(thread, name, value)
    thread.save(update_fields=[name])
    detail = {"thread": thread.ref, "how": how}
    _record(acts.ARRANGED, actor, detail=detail)


@action
def make_board(*, actor: Actor, name: str, about: str = "") -> Board:
    """Open one more board."""
    actor.needs(RUN)
    needed(POST)
    slug = slugify(name)[:60]
    if not slug or Board.objects.filter(slug=slug).exists():
        raise Invalid("There is such a board already, or the name has no letters.")
    made = Board(slug=slug, name=name.strip(), about=about.strip(), place=Board.objects.count())
    made.save(force_insert=True)
    _record(acts.BOARD, actor)
    return made


@action
def close_board(board: Board, *, actor: Actor, closed: bool) -> None:
    """Have no more threads begun in it, or again."""
    actor.needs(RUN)
    board.closed = closed
    board.save(update_fields=["closed"])
    _record(acts.BOARD, actor)


def _record(act: str, actor: Actor, detail: dict[str, str] | None = None) -> None:
    record(
        act=act,
        organisation=current_organisation_id(),
        actor=actor,
        clause=needed(POST).touchpoint.clause,
        version=current().version,
        detail=detail or {},
    )


def _author(key: str) -> Person:
    return _post(key).person.root


def _place(key: str) -> str:
    found = _post(key)
    page = reverse("community:moderate", args=[found.thread.ref])
    return f"{page}#p{found.number}"


def _act(key: str, done: str, actor: Actor, clause: str) -> None:
    if done == "restored":
        hidden = Post.objects.filter(ref=key, state=Post.State.HIDDEN).first()
        if hidden is not None:  # its author may have taken it out meanwhile
            renew(hidden, held=True)
            _show(hidden, actor)
        return
    post = _post(key)
    renew(post, held=True)
    if done == "deleted":
        take_out(post, clause=clause)
        note(acts.REMOVED, post, actor, clause=clause)
        return
    post.state, post.clause = Post.State.HIDDEN, clause
    post.save(update_fields=["state", "clause"])
    note(acts.HIDDEN, post, actor, clause=clause)


def _closed(case: Case, _actor: Actor) -> None:
    """Write the ground where everybody sees it."""
    kind, _, key = case.about.partition(".")
    if kind == KIND and case.outcome != "kept":
        Post.objects.filter(ref=key).update(ground=case.ground)


def _show(post: Post, actor: Actor) -> None:
    post.state, post.ground, post.clause = Post.State.SHOWN, "", ""
    post.save(update_fields=["state", "ground", "clause"])
    note(acts.RESTORED, post, actor)


def _post(key: str) -> Post:
    found = (
        Post.objects.filter(ref=key)
        .exclude(state=Post.State.REMOVED)
        .select_related("person__root", "thread")
        .first()
    )
    if found is None:
        raise Missing("There is no such post.", do="It may have been taken out meanwhile.")
    return found
