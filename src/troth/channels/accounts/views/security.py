from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from troth.channels.accounts import incidents, second_factor, sign_ins
from troth.channels.accounts.forms import CodeForm, KnownPasswordForm
from troth.channels.accounts.grounds import CREDENTIALS, may_keep
from troth.channels.accounts.models import Passkey, RecoveryCode, SignIn
from troth.channels.accounts.views.pieces import informs, own_page, page, password_is_right
from troth.core.gate import uses
from troth.kit.throttle.counting import throttle


@require_GET
def security(request: Any) -> HttpResponse:
    user = request.user
    return own_page(
        request,
        "security",
        informs=informs(),
        factor=second_factor.factor_of(user),
        codes_left=RecoveryCode.objects.filter(user=user, used_at=None).count(),
        passkeys=Passkey.objects.filter(user=user).count(),
        sessions=sign_ins.live(user).count(),
        may_have_factor=may_keep(CREDENTIALS),
    )


@require_GET
def sessions(request: Any) -> HttpResponse:
    with uses.own(person=request.user.person):
        rows = [
            {
                "id": one.pk,
                "device": one.device and str(one.device),
                "network": one.network and str(one.network),
                "since": one.started_at,
                "seen": one.last_seen_at,
                "here": one.session_key == request.session.session_key,
            }
            for one in sign_ins.live(request.user)
        ]
    return own_page(request, "sessions", rows=rows)


@require_POST
def end_session(request: Any, sign_in: UUID) -> HttpResponse:
    chosen = SignIn.objects.filter(user=request.user, pk=sign_in)
    if sign_ins.end(request.user, chosen, actor=request.actor):
        messages.success(request, "That session is ended.")
    return redirect("accounts:sessions")


@require_POST
def end_others(request: Any) -> HttpResponse:
    key = request.session.session_key
    others = SignIn.objects.filter(user=request.user, ended_at=None).exclude(session_key=key)
    count = sign_ins.end(request.user, others, actor=request.actor)
    messages.success(request, f"{count} other session{'' if count == 1 else 's'} ended.")
    return redirect("accounts:sessions")


@require_http_methods(["GET", "POST"])
def factor(request: Any) -> HttpResponse:
    """Set the second factor up: a picture to scan, then a first code."""
    user = request.user
    if second_factor.factor_of(user) is not None:
        return redirect("accounts:security")
    prepared = second_factor.prepare(user, actor=request.actor)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        throttle("accounts.code", str(user.pk), limit=6, seconds=15 * 60)
        try:
            codes = second_factor.confirm(prepared, form.cleaned_data["code"], actor=request.actor)
        except second_factor.CodeInvalid as wrong:
            form.add_error("code", f"{wrong.what} {wrong.do}")
        else:
            return own_page(request, "recovery_codes", codes=codes)
    secret = second_factor.secret_of(prepared)
    address = second_factor.address(secret, issuer=request.organisation.name, label="account")
    grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return own_page(
        request,
        "factor",
        form=form,
        picture=second_factor.picture(address),
        secret=grouped,
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def factor_off(request: Any) -> HttpResponse:
    form = KnownPasswordForm(request.POST or None)
    if password_is_right(request, form):
        second_factor.switch_off(request.user, actor=request.actor)
        messages.success(request, "The second factor is off.")
        return redirect("accounts:security")
    return own_page(request, "factor_off", form=form, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def new_codes(request: Any) -> HttpResponse:
    form = KnownPasswordForm(request.POST or None)
    if not second_factor.asked_of(request.user):
        return redirect("accounts:security")
    if password_is_right(request, form):
        codes = second_factor.new_codes(request.user)
        return own_page(request, "recovery_codes", codes=codes)
    return own_page(request, "new_codes", form=form, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """Works without a log-in. Opening the address changes nothing; the button does."""
    complaint = incidents.read(token)
    incident = complaint.incident
    if request.method == "POST":
        incident = incidents.lock(complaint)
    return page(request, "not_me", incident=incident, about=complaint.about)
