"""Who may call which page: one table, and deny where it says nothing.

Each part brings its lines in a module ``permissions`` with a dict ``PERMISSIONS`` from URL name to
need. A URL that stands in no table is refused, and an architecture test finds it before that.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, Final

from django.apps import apps
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.module_loading import module_has_submodule

from troth.core.actors import Actor
from troth.core.errors import Denied, Missing
from troth.core.organisations.opening import is_open
from troth.core.staff.members import membership_of, staff_actor
from troth.hub.console.purposes import picked
from troth.hub.errors import refusal_page
from troth.kit.permissions import PERSON, PUBLIC, STAFF

Handler = Callable[[HttpRequest], HttpResponse]


class PermissionMissing(Missing):
    """A URL stands in no permission table."""

    status = 500


@cache
def table() -> dict[str, str]:
    """All lines of all parts. Raises `PermissionMissing` when two parts claim one URL."""
    found: dict[str, str] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("troth.") and module_has_submodule(config.module, "permissions"):
            lines = getattr(import_module(f"{config.name}.permissions"), "PERMISSIONS", {})
            if twice := found.keys() & lines.keys():
                raise PermissionMissing(f"Claimed twice: {', '.join(sorted(twice))}.")
            found |= lines
    return found


class NotOpenDenied(Denied):
    """A page of a client that has not accepted its contract."""

    status = 503


BEFORE_OPENING: Final = frozenset(
    {
        *(f"accounts:{name}" for name in ("login", "login-code", "logged-out", "invitation")),
        *(f"accounts:{name}" for name in ("reset", "reset-sent", "reset-link", "let-in", "not-me")),
        *("kit:accent", "accounts-well-known:change-password"),
    }
)
"""The public pages a client's own staff needs to come in and accept the contract."""


class PermissionMiddleware:
    """Finds out who acts (`request.actor`), and refuses the page to whom it is not for."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Any, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        # What is raised before the view does not pass `process_exception`.
        try:
            return self._admit(request)
        except Denied as denied:
            return refusal_page(request, denied)

    def _admit(self, request: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name
        need = table().get(name)
        if need is None:
            raise PermissionMissing(
                f"The page {name} stands in no permission table.",
                do="Add a line to the PERMISSIONS of its part.",
            )
        if need == PUBLIC and name not in BEFORE_OPENING and not is_open(request.organisation.pk):
            raise NotOpenDenied(
                "This site is not open yet.",
                why="Its company has not accepted its contract with the company that hosts it.",
                do="If you are its owner, log in and accept the contract under Settings.",
            )
        if need == PUBLIC:
            # The log-in is not looked at: a public page needs no session and sets no cookie.
            request.actor = Actor.visitor()
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if need == PERSON:
            person = request.user.person.root
            request.actor = Actor("person", person.ref, person_id=person.pk)
            return None
        return self._staff(request, name, need)

    @staticmethod
    def _staff(request: Any, name: str, need: str) -> HttpResponse | None:
        member = membership_of(request.user)
        if member is None:
            raise Denied(
                "This page is for the staff of the organisation.",
                why="Your account is a customer's.",
                do="Ask an owner of the organisation to add you to the staff.",
            )
        request.member = member
        request.actor = staff_actor(member)
        request.purpose = picked(request)
        if member.undertaking_at is None and name != "console:undertaking":
            return redirect("console:undertaking")  # the promise comes before any page
        if need != STAFF:
            request.actor.needs(need)
        return None
