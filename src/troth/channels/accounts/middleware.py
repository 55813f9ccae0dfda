"""Idle and ended sessions: whoever comes with one is not logged in any more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from troth.channels.accounts import sign_ins
from troth.channels.accounts.models import SignIn

SESSION_MARK = "accounts.sign-in"

Handler = Callable[[HttpRequest], HttpResponse]


def sign_in_middleware(get_response: Handler) -> Handler:
    """Put behind Django's AuthenticationMiddleware. The session is looked at only when a page asks
    who is there, so that public pages stay without.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(partial(_user, request, request.user))  # type: ignore[assignment]
        return get_response(request)

    return handle


def mark_of(request: HttpRequest) -> str:
    """The mark of the log-in a request comes with, as `sign_ins.lives` takes it."""
    return str(request.session.get(SESSION_MARK, ""))


def _user(request: HttpRequest, user: Any) -> Any:
    if not user.is_authenticated:
        return user
    mark = request.session.get(SESSION_MARK)
    found = SignIn.objects.filter(pk=mark, user_id=user.pk).first() if mark else None
    if found is not None and sign_ins.seen(found):
        return user
    request.user = user  # what logs out asks who is there, which would come back here
    logout(request)
    return AnonymousUser()
