"""Which organisation a request is for, and how a refusal becomes a page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from troth.core.clients import api as clients
from troth.core.errors import Denied, Missing, Refusal
from troth.core.gate.denials import record_denial
from troth.core.keyring.opening import forget
from troth.core.organisations.scope import scope
from troth.hub.errors import refusal_page
from troth.hub.sites import organisation_of

SERVER_FAULT = 500  # from here on it is our fault, and Django's own handling logs it
Handler = Callable[[HttpRequest], HttpResponse]


def organisation_middleware(get_response: Handler) -> Handler:
    """Puts the request in the scope of the organisation whose site it came to."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/static/"):
            return get_response(request)
        try:
            organisation = organisation_of(request.get_host())
        except Refusal as refusal:
            return refusal_page(request, refusal)
        request.organisation = organisation  # type: ignore[attr-defined]
        forget()
        with scope(organisation):
            return get_response(request)

    return handle


class _Refusals:
    """Turns a `Refusal` raised in a view into the page that explains it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        error = _of_a_client(request, error) or error
        if isinstance(error, Denied):
            record_denial(error)
        if isinstance(error, Refusal) and error.status < SERVER_FAULT:
            return refusal_page(request, error)
        return None


def _of_a_client(request: HttpRequest, error: Exception) -> Denied | None:
    """What a provider's staff did not find in their own console, because it is a client's: they are
    told that it is refused, and both ledgers say so. To everybody else it is not there.
    """
    member, match = getattr(request, "member", None), request.resolver_match
    if member is None or match is None or not isinstance(error, Missing | Http404):
        return None
    provider = request.organisation  # type: ignore[attr-defined]
    found = clients.found_at(match.kwargs, provider)
    if found is None:
        return None
    client, subject = found
    actor = request.actor  # type: ignore[attr-defined]
    return clients.refused(client, provider, actor=actor, subject=subject)


refusal_middleware = _Refusals
