"""Moderation: what was reported as harmful is looked at, and stays, or is blocked or deleted on a
ground of the policy. Its author is told, and may object.

What can be reported, and how it is blocked or deleted, the part knows in which it was written.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.cases import acts, hooks
from troth.core.cases.entering import OPEN, CaseInvalid, CaseMissing, enter, held, write
from troth.core.cases.models import Case, Concern
from troth.core.cases.opening import open_case
from troth.core.errors import Missing, Refusal
from troth.core.notices.versions import current
from troth.core.people.models import Person

DONE: Final = {
    "blocked": "Block it: nothing more is said there",
    "deleted": "Delete it",
    "kept": "Let it stand",
}


@dataclass(frozen=True, slots=True)
class Target:
    """A thing of one kind that somebody can report.

    `author` raises `Missing` for what is not there; `place` is the address of its page for staff;
    `act` blocks or deletes it (``blocked``, ``deleted``), or takes a block back (``restored``), in
    the case's transaction.
    """

    author: Callable[[str], Person]
    place: Callable[[str], str]
    act: Callable[[str, str, Actor, str], None]
    what: str = ""
    """What a clause of moderation calls such things, where some of the clauses are of them alone;
    "": any clause will do."""


_targets: Final[dict[str, Target]] = {}


def register_target(kind: str, target: Target) -> None:
    """Let things of this kind be reported: ``message`` for what `about` calls ``message.<id>``."""
    _targets[kind] = target


def target(about: str) -> tuple[Target, str]:
    """What a case is about, and its id there. Raises `CaseMissing`."""
    kind, _, key = about.partition(".")
    if kind not in _targets:
        raise CaseMissing("This cannot be reported.", do="Report what somebody wrote here.")
    return _targets[kind], key


def grounds(about: str = "") -> dict[str, str]:
    """The grounds on which something may be blocked or deleted, each with its clause; with `about`
    those for a thing of that kind.
    """
    found, _, _ = about.partition(".")
    what = _targets[found].what if found in _targets else ""
    return {
        ground: block.clause
        for block in current().policy.moderates
        if not what or block.what == what
        for ground in block.grounds
    }


@action
def report(about: str, *, actor: Actor, words: str) -> Case:
    """Report something as harmful. Whoever reports it again finds the same case."""
    found, key = target(about)
    if not words.strip():
        raise CaseInvalid("Say what is harmful about it.")
    author = found.author(key)
    case = open_case(
        Case.Kind.MODERATION,
        actor=actor,
        about=about,
        clause=next(iter(grounds(about).values()), ""),
        people=[author],
    )
    enter(case, acts.REPORTED, actor=actor, words=words)
    return case


@action
def decide(case: Case, *, actor: Actor, done: str, ground: str, words: str = "") -> None:
    """Decide what becomes of it; the author is told (`hooks.on_closed`), unless it stood all along.

    To let it stand after an objection takes a block back. What was deleted is gone, which no
    decision can change: its author is told that they were right, and may send it again.

    Raises `CaseInvalid` for a block or a deletion without a ground of the policy.
    """
    actor.needs(OPEN)
    held(case, Case.State.OPEN)
    if case.kind != Case.Kind.MODERATION or done not in DONE:
        raise CaseInvalid("Say what becomes of it.", do=f"One of: {', '.join(DONE)}.")
    if done != "kept":
        known = grounds(case.about)
        if ground not in known:
            raise CaseInvalid(
                "What somebody wrote is blocked or deleted on a ground alone.",
                why="The policy names the grounds.",
                do=f"One of: {', '.join(known) or 'none: the policy has no such clause'}.",
            )
        case.clause, case.ground = known[ground], ground
        found, key = target(case.about)
        found.act(key, done, actor, case.clause)
    elif case.outcome == "blocked":
        found, key = target(case.about)
        with suppress(Missing):  # gone meanwhile, by its author for one: nothing is to be shown
            found.act(key, "restored", actor, case.clause)
    case.undone = case.outcome if done == "kept" else ""
    case.state, case.outcome = Case.State.CLOSED, done
    case.closed_by, case.closed_at, case.told_at = actor.ref, clock.now(), None
    case.save()
    detail = {"done": done} | ({"ground": ground} if done != "kept" else {})
    if case.undone:
        detail["undone"] = case.undone
    author = case.concerns.select_related("person__root").first()
    told = author is not None and (done != "kept" or case.undone != "")
    ref = author.person.root.ref if told and author else None
    enter(case, acts.MODERATED, actor=actor, words=words, subject=ref, detail=detail)
    hooks.closed(case, actor)


@action
def answer(concern: Concern, *, actor: Actor, words: str) -> bool:
    """The author objects: the case is open again, for somebody to look anew. Once."""
    case = held(concern.case)
    if case.state != Case.State.CLOSED or concern.objected_at is not None:
        return False
    Concern.objects.filter(pk=concern.pk).update(
        state=Concern.State.OBJECTED, objected_at=clock.now()
    )
    case.state = Case.State.OPEN
    case.save(update_fields=["state"])
    write(case, {"objection": words}, actor=actor)
    ref = concern.person.root.ref
    enter(case, acts.ANSWERED, actor=actor, words=words, subject=ref)
    return True


def place(case: Case) -> str:
    """Where staff see what was reported; "" where it is gone."""
    try:
        found, key = target(case.about)
        return found.place(key)
    except Refusal:
        return ""
