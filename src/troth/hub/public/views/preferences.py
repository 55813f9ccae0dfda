"""The preference centre: one screen, reached by a signed link without a log-in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from troth.core.actors import Actor
from troth.core.choices.deciding import NO_SOLICITATION_WORDING
from troth.core.choices.switches import solicitation_refused
from troth.core.ledger import api as ledger
from troth.core.people.models import Person
from troth.core.sealing.blind import normalise
from troth.hub.public import choosing, mailing
from troth.kit.links import LinkInvalid
from troth.kit.throttle.counting import caller_of, throttle
from troth.kit.throttle.patience import at_least

PER_ADDRESS = 3
SECONDS = 0.3
View = Callable[..., HttpResponse]


class AddressForm(forms.Form):
    """One field: where to send the link."""

    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


def unlisted(view: View) -> View:
    """For pages whose address is a secret: no referrer, no index, no copy, and no cookie."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    # The address is the credential here and no cookie is, so there is nothing another site could
    # misuse; and to a page without a referrer browsers send no origin to check either.
    return csrf_exempt(never_cache(answer))


@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the link by mail. The answer is the same whether the address is known or not."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        throttle("preferences", caller_of(request), limit=_per_hour(), seconds=3600)
        # One spelling for all that the look-up takes for one address.
        one = normalise(mailing.EMAIL, address)
        throttle("preferences.address", one, limit=PER_ADDRESS, seconds=3600)
        with at_least(SECONDS):
            mailing.send_link(address, actor=Actor.visitor())
        return HttpResponseRedirect(f"{reverse('public:preferences')}?asked")
    context = {"form": form, "asked": "asked" in request.GET}
    status = 422 if form.is_bound else 200
    return render(request, "public/preferences_ask.html", context, status=status)


@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def centre(request: HttpRequest, token: str) -> HttpResponse:
    """All switches of one person; saving acts at once and says so."""
    try:
        person = choosing.person_of(token)
    except LinkInvalid:
        return _no_such_link(request)
    if request.method == "POST":
        return _save(request, person, token)
    switches, fixed = choosing.rows(person)
    since = request.GET.get("since")
    context: dict[str, Any] = {
        "switches": switches,
        "fixed": fixed,
        "muted": solicitation_refused(person),
        "muted_wording": NO_SOLICITATION_WORDING,
        "history": [_line(line, token) for line in choosing.history(person)],
    }
    if since is not None:
        done = choosing.history(person, until=_uuid(since))
        context["done"] = [_line(line, token) for line in reversed(done)]
    return render(request, "public/preferences.html", context)


@unlisted
@require_safe
def receipt(request: HttpRequest, token: str, entry: UUID) -> HttpResponse:
    """The receipt of one of the person's own choices, to be checked offline."""
    try:
        person = choosing.person_of(token)
    except LinkInvalid:
        return _no_such_link(request)
    if entry not in {line.id for line in choosing.history(person, limit=50)}:
        return _no_such_link(request)
    response = JsonResponse(ledger.receipt(entry), json_dumps_params={"indent": 2})
    response["Content-Disposition"] = f'attachment; filename="receipt-{entry.hex[-8:]}.json"'
    return response


def _per_hour() -> int:
    """Links one caller may ask for in an hour; an office may share one address of the network."""
    return int(settings.HOME.option("links_per_hour", "10"))


def _save(request: HttpRequest, person: Person, token: str) -> HttpResponse:
    throttle("preferences.save", person.ref, limit=120, seconds=3600)
    newest = choosing.history(person, limit=1)
    choosing.save(
        person,
        actor=Actor("person", person.ref, person_id=person.pk),
        shown=request.POST.getlist("shown"),
        on=request.POST.getlist("on"),
    )
    since = newest[0].id.hex if newest else ""
    address = reverse("public:preference-link", args=[token])
    return HttpResponseRedirect(f"{address}?since={since}")


def _line(line: ledger.Line, token: str) -> dict[str, Any]:
    """A choice on the ledger, as the page lists it."""
    return {
        "text": choosing.sentence(line),
        "clause": line.body.get("clause", ""),
        "at": datetime.fromisoformat(line.at),
        "position": line.position,
        "receipt": reverse("public:preference-receipt", args=[token, line.id]),
    }


def _no_such_link(request: HttpRequest) -> HttpResponse:
    context = {"form": AddressForm()}
    return render(request, "public/preferences_no_link.html", context, status=404)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(hex=text)
    except ValueError:
        return None
