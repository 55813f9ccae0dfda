"""The endpoints of the Data Rights Protocol 1.0 (section 2). JSON answers, no cookie, no page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth.channels.agents import acts, envelopes, exercising, tokens
from troth.channels.agents.entering import business_key, note
from troth.channels.agents.envelopes import Envelope, EnvelopeDenied
from troth.channels.agents.exercising import ACTOR
from troth.channels.agents.models import Agent, Exercise
from troth.channels.agents.statuses import status
from troth.core.errors import Refusal
from troth.kit.throttle.counting import caller_of, throttle

PER_MINUTE: Final = 60
FORBIDDEN, CONFLICT, NOT_FOUND = 403, 409, 404
STATUSES: Final = {"decode": 400, "claims": 400, "replay": CONFLICT}
"""What a message that does not pass is answered with; every other step is 403."""
View = Callable[..., HttpResponse]


def call(view: View) -> View:
    """Answer refusals as the protocol says (section 3.06), and slow down floods."""

    @csrf_exempt
    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            throttle("agents", caller_of(request), limit=PER_MINUTE, seconds=60)
            return view(request, *args, **kwargs)
        except EnvelopeDenied as denied:
            fatal = denied.step == "expired"
            return problem(STATUSES.get(denied.step, FORBIDDEN), denied.what, fatal=fatal)
        except RequestDataTooBig:
            return problem(413, "The message is too long.")
        except Refusal as refusal:
            if refusal.status >= 500:  # noqa: PLR2004 - our fault, which Django's handling logs
                raise
            return problem(refusal.status, refusal.what)

    return answer


def problem(code: int, message: str, *, fatal: bool = False) -> HttpResponse:
    found: dict[str, Any] = {"code": str(code), "message": message}
    return JsonResponse(found | ({"fatal": True} if fatal else {}), status=code)


@call
@require_http_methods(["POST"])
def exercise(request: HttpRequest) -> HttpResponse:
    """Section 2.01: somebody exercises a right through an agent."""
    agent = _agent(request)
    with transaction.atomic():
        envelope = _checked(request, agent)
        made = exercising.exercise(agent, envelope)
    return JsonResponse(status(made))


@call
@require_http_methods(["GET", "HEAD", "DELETE"])
def request(request: HttpRequest, number: UUID) -> HttpResponse:
    """Sections 2.02 and 2.04: the state of a request, and taking it back."""
    agent = _agent(request)
    found = Exercise.objects.select_related("request", "agent")
    made = found.filter(request__ref=number.hex).first()
    if made is None:
        return problem(NOT_FOUND, "There is no such request.")
    if made.agent_id != agent.pk:
        raise EnvelopeDenied("agent", "This request is another agent's.")
    if request.method != "DELETE":
        return JsonResponse(status(made, results=request.method == "GET"))
    envelope = envelopes.opened(_body(request), agent.verify_key)
    # The protocol's example has a reason and no claims; where there are any they have to fit.
    if "agent-id" in envelope.claims:
        envelopes.checked(envelope, agent=agent, business=business_key())
    exercising.revoke(made)
    return JsonResponse(status(made))


@call
@require_http_methods(["GET", "HEAD", "POST"])
def agent(request: HttpRequest, key: str) -> HttpResponse:
    """Sections 2.05 and 2.06: a token for a signature, and whether a token still works.

    A signature that does not pass is answered with 403 and nothing else.
    """
    if request.method != "POST":
        found = tokens.bearer(request)
        if found is None or found.key != key:
            return problem(FORBIDDEN, "This token is not that agent's.")
        return JsonResponse({})
    known = Agent.objects.filter(key=key, ended_at=None).first()
    if known is None:
        return HttpResponse(status=FORBIDDEN)
    try:
        with transaction.atomic():
            _checked(request, known)
            token = tokens.give(known)
            note(acts.KEYED, known, actor=ACTOR)
    except (EnvelopeDenied, RequestDataTooBig):
        return HttpResponse(status=FORBIDDEN)
    return JsonResponse({"agent-id": known.key, "token": token})


def _agent(request: HttpRequest) -> Agent:
    found = tokens.bearer(request)
    if found is None:
        raise EnvelopeDenied("bearer", "There is no token, or it does not work any more.")
    return found


def _body(request: HttpRequest) -> bytes:
    return request.body


def _checked(request: HttpRequest, agent: Agent) -> Envelope:
    envelope = envelopes.opened(_body(request), agent.verify_key)
    return envelopes.checked(envelope, agent=agent, business=business_key())
