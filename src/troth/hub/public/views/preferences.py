"""The preference centre: one screen, by a signed link without a log-in, or inside the account."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.accounts.api import account_parts
from troth.core.actors import Actor
from troth.core.sealing.blind import normalise
from troth.hub.public import choosing, mailing
from troth.hub.public.centre import Centre
from troth.kit.links import LinkInvalid
from troth.kit.throttle.counting import caller_of, throttle
from troth.kit.throttle.patience import same_time

PER_ADDRESS = 3
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
        with same_time():
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
        return _by_link(request, token).answer()
    except LinkInvalid:
        return _no_such_link(request)


@unlisted
@require_safe
def receipt(request: HttpRequest, token: str, entry: UUID) -> HttpResponse:
    """The consent receipt of one of the person's own choices, to be checked offline."""
    try:
        return _by_link(request, token).download(entry)
    except (LinkInvalid, Http404):
        return _no_such_link(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """The same inside the account."""
    return _in_account(request).answer(parts=account_parts(request), log_in=True)


@never_cache
@require_safe
def own_receipt(request: HttpRequest, entry: UUID) -> HttpResponse:
    """The same receipt inside the account."""
    return _in_account(request).download(entry)


def _by_link(request: HttpRequest, token: str) -> Centre:
    return Centre(
        request,
        choosing.person_of(token),
        "public/preferences.html",
        choosing.BY_LINK,
        partial(_receipt_address, token),
    )


def _in_account(request: Any) -> Centre:
    return Centre(
        request,
        request.user.person.root,
        "public/preferences_own.html",
        choosing.IN_ACCOUNT,
        lambda entry: reverse("public:own-receipt", args=[entry]),
    )


def _receipt_address(token: str, entry: UUID) -> str:
    return reverse("public:preference-receipt", args=[token, entry])


def _per_hour() -> int:
    """Links one caller may ask for in an hour; an office may share one address of the network."""
    return int(settings.HOME.option("links_per_hour", "10"))


def _no_such_link(request: HttpRequest) -> HttpResponse:
    context = {"form": AddressForm()}
    return render(request, "public/preferences_no_link.html", context, status=404)
