from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from troth.channels.accounts import ceremonies, passkeys as keys
from troth.channels.accounts.forms import KnownPasswordForm, PasskeyForm
from troth.channels.accounts.grounds import CREDENTIALS, may_keep
from troth.channels.accounts.models import Passkey
from troth.channels.accounts.views.pieces import own_page, passkeys_here, password_is_right
from troth.core.errors import Invalid


@require_http_methods(["GET", "POST"])
def passkeys(request: Any) -> HttpResponse:
    """The passkeys one has, and the form that adds one, which comes with the browser's answer."""
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = request.user
        try:
            made = ceremonies.finish_adding(
                request.session, user=user.pk.bytes, sent=form.cleaned_data["credential"]
            )
            codes = keys.add(user, made, label=form.cleaned_data["label"], actor=request.actor)
        except Invalid as wrong:
            form.add_error(None, f"{wrong.what} {wrong.do}")
        else:
            messages.success(request, "The passkey is added.")
            if codes:
                return own_page(request, "recovery_codes", codes=codes)
            return redirect("accounts:passkeys")
    return own_page(
        request,
        "passkeys",
        form=form,
        password=KnownPasswordForm(),
        rows=keys.named(request.user),
        may_have=may_keep(CREDENTIALS),
        place=ceremonies.place(),
        here=passkeys_here(request),
        status=422 if form.errors else 200,
    )


@require_POST
def passkey_options(request: Any) -> HttpResponse:
    """A challenge to add a passkey, for who knows the password: a passkey opens the account."""
    form = KnownPasswordForm(request.POST)
    if not passkeys_here(request) or not may_keep(CREDENTIALS):
        return JsonResponse({"error": "There are no passkeys at this address."}, status=422)
    if not password_is_right(request, form):
        return JsonResponse({"error": "This is not your password."}, status=422)
    user = request.user
    options = ceremonies.begin_adding(
        request.session,
        user=user.pk.bytes,
        company=request.organisation.name,
        known=[key for _, key in keys.known(user)],
    )
    return JsonResponse(options)


@require_http_methods(["GET", "POST"])
def passkey_remove(request: Any, passkey: UUID) -> HttpResponse:
    form = KnownPasswordForm(request.POST or None)
    if not Passkey.objects.filter(user=request.user, pk=passkey).exists():
        return redirect("accounts:passkeys")
    if password_is_right(request, form):
        keys.remove(request.user, passkey, actor=request.actor)
        messages.success(request, "The passkey is removed.")
        return redirect("accounts:passkeys")
    [label] = [label for row, label in keys.named(request.user) if row.pk == passkey]
    return own_page(
        request, "passkey_remove", form=form, label=label, status=422 if form.errors else 200
    )
