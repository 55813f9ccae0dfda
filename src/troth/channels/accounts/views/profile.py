from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from troth.channels.accounts import addresses, profile as profiles
from troth.channels.accounts.forms import ChangeAddressForm, profile_form
from troth.channels.accounts.grounds import PROFILE
from troth.channels.accounts.mails import ADDRESS, label_of
from troth.channels.accounts.models import AddressChange
from troth.channels.accounts.views.pieces import informs, own_page, page
from troth.kit import links
from troth.kit.throttle.counting import throttle
from troth.kit.words import listing

NOT_KEPT: Final = (
    "You asked that nothing is collected that the service does not need. "
    "You can change that in your choices."
)


@require_http_methods(["GET", "POST"])
def profile(request: Any) -> HttpResponse:
    user = request.user
    form = profile_form()(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = profiles.correct(user, form.given(), actor=request.actor)
        if done.left:
            names = listing([label_of(one) for one in done.left])
            messages.warning(request, f"Not kept: {names}. {NOT_KEPT}")
        if done.changed:
            messages.success(request, "Your profile is corrected. A mail confirms it.")
        elif not done.left:
            messages.info(request, "Nothing was different, so nothing changed.")
        return redirect("accounts:profile")
    now = profiles.current_values(user)
    if not form.is_bound:
        form = profile_form()(initial=now)
    return own_page(
        request,
        "profile",
        form=form,
        touchpoint=form.touchpoint,
        informs=informs(PROFILE),
        address=now.get(profiles.ADDRESS, ""),
        pending=_pending(user),
        status=422 if form.errors else 200,
    )


def _pending(user: Any) -> AddressChange | None:
    waiting = AddressChange.objects.filter(user=user, confirmed_at=None, ended_at=None)
    found = waiting.order_by("-asked_at").first()
    return found if addresses.open_change(found) else None


@require_http_methods(["GET", "POST"])
def address(request: Any) -> HttpResponse:
    form = ChangeAddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        throttle("accounts.address", str(request.user.pk), limit=5, seconds=60 * 60)
        if not request.user.check_password(form.cleaned_data["password"]):
            form.add_error("password", "This is not your password.")
        elif _asked(request, form):
            return redirect("accounts:profile")
    return own_page(
        request, "address", form=form, informs=informs(PROFILE), status=422 if form.errors else 200
    )


def _asked(request: Any, form: ChangeAddressForm) -> bool:
    try:
        addresses.ask_change(request.user, form.cleaned_data["address"], actor=request.actor)
    except addresses.AddressInvalid as wrong:
        form.add_error("address", f"{wrong.what} {wrong.do}")
        return False
    messages.success(request, "Open the link we have sent to the new address.")
    return True


@require_http_methods(["GET", "POST"])
def address_confirm(request: Any, token: str) -> HttpResponse:
    """Works only for who asked for the change: whoever else reads the mail can do nothing by it."""
    pk = UUID(links.read(token, ADDRESS, addresses.WAITS))
    change = (
        AddressChange.objects.select_related("new", "old", "user__person__root", "user__address")
        .filter(pk=pk, user=request.user.pk)
        .first()
    )
    if change is None or not addresses.open_change(change):
        raise links.LinkInvalid
    if request.method == "POST":
        addresses.confirm_change(change)
        return page(request, "address_confirmed")
    return page(request, "address_confirm")
