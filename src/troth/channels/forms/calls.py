"""Forms for callers that are no browser: the same rules and actions, as JSON.

Errors are problem details (RFC 9457). What was sent comes back to its sender alone, and not where
they said that they are too young.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.forms import actions, children, signing_up, slots
from troth.channels.forms.admitting import FieldsInvalid, OutdatedInvalid, admit
from troth.channels.forms.describing import describe
from troth.channels.forms.fields import UNDER_AGE, TouchpointForm
from troth.channels.forms.openapi import document
from troth.channels.forms.pace import pace
from troth.channels.forms.pages import Page
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid, Refusal
from troth.core.gate.denials import record_denial
from troth.core.notices.versions import current
from troth.kit import links

UNPROCESSABLE, SERVER_FAULT = 422, 500
Errors = dict[str, list[str]]


class CallInvalid(Invalid):
    """The call is not of the form that the description asks for."""

    def __init__(self, why: str, *, status: int = 400) -> None:
        super().__init__(
            "This call could not be read.",
            why=why,
            do="Send JSON as /api/openapi.json describes it.",
        )
        self.status = status


@dataclass
class Call:
    """What a program sent: the mark of the form it read, and the values."""

    nonce: str
    values: dict[str, Any]
    errors: Errors = field(default_factory=dict)

    @classmethod
    def read(cls, request: HttpRequest) -> Call:
        """Raises `CallInvalid`."""
        if request.content_type != "application/json":
            raise CallInvalid("Its content type is not application/json.", status=415)
        try:
            body = json.loads(request.body.decode("utf-8"))
        except RequestDataTooBig:
            raise CallInvalid("It is too long.", status=413) from None
        except (ValueError, RecursionError):
            raise CallInvalid("It is no JSON in UTF-8.") from None
        if not isinstance(body, dict) or body.keys() != {"nonce", "values"}:
            raise CallInvalid("It has to be an object with `nonce` and `values`.")
        if not isinstance(body["nonce"], str) or not isinstance(body["values"], dict):
            raise CallInvalid("`nonce` is a text, and `values` an object.")
        return cls(body["nonce"], body["values"])

    def fill(self, page: Page) -> TouchpointForm:
        """The form with these values; those of a wrong type are left out and noted."""
        known, data = page.form().fields, {}
        for name, value in self.values.items():
            boolean = isinstance(known.get(name), forms.BooleanField)
            if value is None:
                continue
            if (
                name in known
                and name != UNDER_AGE
                and not isinstance(value, bool if boolean else str)
            ):
                self.errors[name] = ["Send true or false." if boolean else "Send a text."]
            else:
                data[name] = value
        form = page.form(data)
        form.technical = frozenset()
        return form

    def check(self) -> None:
        """Raises `FieldsInvalid` if a value was of the wrong type."""
        if self.errors:
            raise FieldsInvalid("")


@csrf_exempt  # the mark of the form takes the place of the cookie, as on its page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, name: str) -> HttpResponse:
    """A form described (GET), and sent (POST)."""
    try:
        page = Page.of(request, f"forms.{name}")
    except Http404:
        return _problem(Refusal("There is no such form."), status=404)
    if request.method != "POST":
        return JsonResponse(describe(page))
    try:
        pace(request)
        call = Call.read(request)
    except Refusal as refusal:
        return _problem(refusal)
    return _receive(request, page, call)


def _receive(request: HttpRequest, page: Page, call: Call) -> HttpResponse:
    form = call.fill(page)
    try:
        sent = {"nonce": call.nonce}
        nonce = admit(form, sent, page.published, actor=Actor.visitor())
        call.check()
        return _take(request, page, form, nonce.random)
    except children.ChildDenied as too_young:
        return _problem(too_young)
    except (OutdatedInvalid, slots.SlotInvalid) as conflict:
        return _problem(conflict, status=409, form=describe(page), sent=call.values)
    except (FieldsInvalid, signing_up.YesMissing) as wrong:
        errors = {name or "form": list(map(str, said)) for name, said in form.errors.items()}
        errors = {"form" if name == "__all__" else name: said for name, said in errors.items()}
        what = Invalid(wrong.what or "Some values are not as they have to be.", why=wrong.why)
        return _problem(what, status=UNPROCESSABLE, errors=errors | call.errors, nonce=call.nonce)
    except Refusal as refusal:
        if isinstance(refusal, Denied):
            record_denial(refusal)
        if refusal.status >= SERVER_FAULT:
            raise
        return _problem(refusal)


def _take(request: HttpRequest, page: Page, form: TouchpointForm, once: str) -> HttpResponse:
    if signing_up.asks_only(page.touchpoint, page.published.rules):
        signing_up.hold_back(
            actor=Actor.visitor(),
            touchpoint=page.touchpoint.key,
            given=form.given(),
            choices=form.choices(),
            once=once,
        )
        return JsonResponse({"state": "asked", "days": signing_up.LIFE.days}, status=202)
    submission = actions.submit(
        actor=Actor.visitor(),
        touchpoint=page.touchpoint.key,
        given=form.given(),
        choices=form.choices(),
        once=once,
        objects=getattr(request, "gpc", False),
    )
    token = links.sign("forms.thanks", submission.ref)
    answer = {
        "ref": submission.ref,
        "version": submission.version,
        "clause": submission.clause,
        "receipt": links.absolute(reverse("forms:receipt", args=[token])),
        "page": links.absolute(reverse("forms:thanks", args=[token])),
    }
    return JsonResponse(answer, status=201)


def _problem(refusal: Refusal, *, status: int = 0, **more: Any) -> HttpResponse:
    """Problem details (RFC 9457), with what the caller needs to go on."""
    found = {
        "title": refusal.what,
        "status": status or refusal.status,
        "detail": " ".join(filter(None, (refusal.why, refusal.do))),
        "clause": refusal.clause,
    }
    answer = JsonResponse(
        found | more, status=found["status"], content_type="application/problem+json"
    )
    if seconds := getattr(refusal, "seconds", 0):
        answer["Retry-After"] = str(seconds)
    return answer


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The calls of the policy in force, as an OpenAPI 3.1 document."""
    return JsonResponse(document(current()), json_dumps_params={"indent": 2})
