"""A visitor says who they are: by a form, a chat or a log-in. Where the policy links the number in
their cookie to them, their earlier visits join their record; anywhere else nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from troth.channels.cookies import api as cookies
from troth.channels.web import visitors
from troth.channels.web.grounds import VISIT, Ground, visits
from troth.channels.web.models import Visitor
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied
from troth.core.gate.collecting import collect
from troth.core.gate.merging import merge
from troth.core.notices.versions import PolicyMissing, Published, current
from troth.core.people.models import Person

_request: Final[ContextVar[HttpRequest | None]] = ContextVar("troth_web_request", default=None)
_ACTOR: Final = Actor.system("web")
_LEFT: Final = "_web_left"
Joined = Visitor.Joined
Handler = Callable[[HttpRequest], HttpResponse]


def visitor_middleware(get_response: Handler) -> Handler:
    """Keeps at hand whose browser a request is from, for whoever says in it who they are; and has
    it forget who that was when they log out.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        token = _request.set(request)
        try:
            response = get_response(request)
        finally:
            _request.reset(token)
        if getattr(request, _LEFT, False):
            cookies.take_back(response, cookies.VISITOR)
        return response

    return handle


def on_identified(person: Person, actor: Actor) -> None:
    """Somebody typed something into a form or a chat that names them."""
    if actor.kind in ("visitor", "person"):
        _join_this_browser(person, Joined.SAID)


def on_login(request: Any, user: Any, **_: Any) -> None:
    """Somebody logged in."""
    _join_this_browser(user.person, Joined.SHOWN, request)


def on_logout(request: Any, **_: Any) -> None:
    """Somebody logged out: the next at this browser may be somebody else."""
    setattr(request, _LEFT, True)


def _join_this_browser(person: Person, how: str, request: HttpRequest | None = None) -> None:
    request = request or _request.get()
    number = cookies.visitor_of(request) if request is not None else ""
    if not number:
        return
    try:
        published = current()
    except PolicyMissing:
        return
    ground = visits(published)
    if ground is not None and ground.knows:
        join(number, person, how=how, ground=ground, published=published)


@action
def join(
    number: str, person: Person, *, how: str, ground: Ground, published: Published
) -> Visitor | None:
    """Have the visits of a browser be this person's. What was shown outweighs what was said; of two
    who log in with one browser each keeps the visits up to their own.
    """
    data = visitors.categories(ground, published)
    with collect(actor=_ACTOR, touchpoint=VISIT, data=data) as point:
        visitor = visitors.known(number, point, ground=ground, published=published, actor=_ACTOR)
        if visitor.person.root_id == person.root_id:
            _note(visitor, how)
            return visitor
        if visitor.person.root_id != visitor.person_id:  # joined with somebody else
            if visitor.joined == Joined.SHOWN and how == Joined.SAID:
                return None
            visitor.person, visitor.version, visitor.joined = point.person([]), "", Joined.NOT
            visitor.save()
            visitor = visitors.known(
                number, point, ground=ground, published=published, actor=_ACTOR
            )
        try:
            merge(visitor.person, into=person.root, actor=_ACTOR)
        except Denied:
            return None  # such as somebody of the staff: they are kept apart
        _note(visitor, how)
        return visitor


def _note(visitor: Visitor, how: str) -> None:
    if visitor.joined not in (Joined.SHOWN, how):
        Visitor.objects.filter(pk=visitor.pk).update(joined=how)


def who_is(request: HttpRequest) -> Visitor | None:
    """The visitor this browser is known as; None where it is not, or may not be."""
    number = cookies.visitor_of(request)
    return visitors.find(number) if number else None
