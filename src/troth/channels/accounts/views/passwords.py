from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlsafe_base64_decode
from django.views.decorators.http import require_GET, require_http_methods

from troth.channels.accounts import guessing, invitations, passwords
from troth.channels.accounts.finding import address_digest
from troth.channels.accounts.forms import AskResetForm, ChangePasswordForm, NewPasswordForm
from troth.channels.accounts.models import User
from troth.channels.accounts.views.pieces import informs, log_in, own_page, page
from troth.kit import links
from troth.kit.throttle.counting import caller_of, throttle
from troth.kit.throttle.patience import same_time

HOUR = 60 * 60


@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    form = AskResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address, actor = form.cleaned_data["address"], request.actor  # type: ignore[attr-defined]
        throttle("accounts.reset.client", caller_of(request), limit=20, seconds=HOUR)
        throttle(
            "accounts.reset.address", address_digest(address, actor=actor), limit=5, seconds=HOUR
        )
        with same_time():
            passwords.ask_reset(address, actor=actor)
        return redirect("accounts:reset-sent")
    return page(request, "reset", form=form, informs=informs(), status=422 if form.errors else 200)


@require_GET
def reset_sent(request: HttpRequest) -> HttpResponse:
    return page(request, "reset_sent")


@require_http_methods(["GET", "POST"])
def reset_link(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """The token stays in the address: a session would keep it readable in the database."""
    user = _user_of(uid, token, passwords.reset_tokens)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        passwords.set_password(user, form.cleaned_data["password"])
        request.session.flush()
        messages.success(request, "The new password is set. Log in with it.")
        return redirect("accounts:login")
    return page(
        request,
        "new_password",
        form=form,
        informs=informs(),
        title="Set a new password",
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def let_in(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Let this browser log in although many were refused. Looking changes nothing."""
    user = _user_of(uid, token, passwords.let_in_tokens)
    if request.method == "POST":
        guessing.let_in(user, request)
        messages.success(request, "Now log in here with your password.")
        return redirect("accounts:login")
    return page(request, "let_in")


def _user_of(uid: str, token: str, tokens: PasswordResetTokenGenerator) -> User:
    try:
        pk = UUID(urlsafe_base64_decode(uid).decode("ascii"))
    except ValueError:
        raise links.LinkInvalid from None
    user = User.objects.select_related("person__root", "address").filter(pk=pk).first()
    if user is None or not tokens.check_token(user, token):
        raise links.LinkInvalid
    return user


@require_http_methods(["GET", "POST"])
def change(request: Any) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = request.user
        throttle("accounts.password", str(user.pk), limit=10, seconds=HOUR)
        if user.check_password(form.cleaned_data["old"]):
            return _changed(request, form.cleaned_data["password"])
        form.add_error("old", "This is not your password.")
    return own_page(
        request, "password", form=form, informs=informs(), status=422 if form.errors else 200
    )


def _changed(request: Any, password: str) -> HttpResponse:
    """All sessions end; a new one begins here."""
    user = User.objects.select_related("person__root", "address").get(pk=request.user.pk)
    passwords.set_password(user, password, actor=request.actor)
    answer = log_in(request, user, "accounts:security")
    messages.success(request, "The password is changed. All other sessions were ended.")
    return answer


@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    user = invitations.read(token)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        invitations.accept(user, form.cleaned_data["password"])
        request.session.flush()
        messages.success(request, "Welcome. Log in with the password you have just chosen.")
        return redirect("accounts:login")
    return page(
        request,
        "new_password",
        form=form,
        informs=informs(),
        title="Choose a password",
        status=422 if form.errors else 200,
    )
