"""Calls from pages of other origins: any of them, without cookies, and answered as data.

The chat's secret stands in a header, so what another page may call it can call for its own visitor
alone. CORS (the Fetch standard) is opened here and nowhere else; `*` rules credentials out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from troth.channels.conversations import queries
from troth.channels.conversations.models import Conversation
from troth.core.errors import Denied, Invalid, Refusal
from troth.core.gate.denials import record_denial
from troth.kit.throttle.counting import caller_of, throttle

SERVER_FAULT: Final = 500
PER_MINUTE: Final = {"chat.open": 10, "chat.calls": 240, "chat.files": 20, "chat.mail": 3}
"""Calls of one caller; a company behind a shared address may set `chat_open` and the like."""
HEADERS: Final = "Content-Type, X-Chat-Ref, X-Chat-Secret, X-File-Name"
View = Callable[..., HttpResponse]


class CallInvalid(Invalid):
    """The call is not of the form that docs/widget.md describes."""


class OutdatedInvalid(Invalid):
    """The page was made under a policy that is no longer in force."""

    status = 409


def from_any_site(*methods: str, what: str = "chat.calls") -> Callable[[View], View]:
    """Open a view to pages of any origin, throttled as `what`. It may raise any `Refusal`."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @never_cache
        @wraps(view)
        def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            answer = _answer(request, view, methods, what, args, kwargs)
            answer["Access-Control-Allow-Origin"] = "*"
            answer["Access-Control-Allow-Methods"] = ", ".join((*methods, "OPTIONS"))
            answer["Access-Control-Allow-Headers"] = HEADERS
            answer["Access-Control-Expose-Headers"] = "Content-Disposition, Retry-After"
            answer["Access-Control-Max-Age"] = "7200"
            answer["Cross-Origin-Resource-Policy"] = "cross-origin"
            return answer

        return call

    return wrap


def _answer(
    request: HttpRequest, view: View, methods: tuple[str, ...], what: str, args: Any, kwargs: Any
) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method not in methods:
        return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
    try:
        limit = int(settings.HOME.option(what.replace(".", "_"), str(PER_MINUTE[what])))
        throttle(what, caller_of(request), limit=limit, seconds=60)
        return view(request, *args, **kwargs)
    except Refusal as refusal:
        if isinstance(refusal, Denied):
            record_denial(refusal)
        if refusal.status >= SERVER_FAULT:
            raise
        return problem(refusal)


def problem(refusal: Refusal) -> HttpResponse:
    """Problem details (RFC 9457)."""
    found = {
        "title": refusal.what,
        "status": refusal.status,
        "detail": " ".join(filter(None, (refusal.why, refusal.do))),
        "clause": refusal.clause,
        "errors": getattr(refusal, "errors", {}),
        "outdated": isinstance(refusal, OutdatedInvalid),
    }
    answer = JsonResponse(found, status=refusal.status, content_type="application/problem+json")
    if seconds := getattr(refusal, "seconds", 0):
        answer["Retry-After"] = str(seconds)
    return answer


def body(request: HttpRequest) -> dict[str, Any]:
    """What was sent, as a JSON object. Raises `CallInvalid`."""
    try:
        found = json.loads(request.body.decode("utf-8"))
    except RequestDataTooBig:
        raise CallInvalid("This is too long.") from None
    except (ValueError, RecursionError):
        raise CallInvalid("This is no JSON in UTF-8.") from None
    if not isinstance(found, dict):
        raise CallInvalid("This has to be an object.")
    if not _storable(found):
        raise CallInvalid("This holds characters that are none.")
    return found


def _storable(value: Any) -> bool:
    """Whether its texts are such as UTF-8 and every database can hold."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)
    if isinstance(value, dict):
        return all(map(_storable, [*value.keys(), *value.values()]))
    return all(map(_storable, value)) if isinstance(value, list) else True


def chat(request: HttpRequest, ref: str = "") -> Conversation:
    """The chat whose secret the call carries. Raises `ConversationMissing`."""
    headers = request.headers
    return queries.chat_of(ref or headers.get("X-Chat-Ref", ""), headers.get("X-Chat-Secret", ""))
