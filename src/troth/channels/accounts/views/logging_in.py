from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from django.contrib.auth import authenticate, logout
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from troth.channels.accounts import ceremonies, guessing, passkeys, second_factor, sign_ins
from troth.channels.accounts.ceremonies import PasskeyInvalid
from troth.channels.accounts.entries import as_person
from troth.channels.accounts.forms import CodeForm, LogInForm
from troth.channels.accounts.grounds import CREDENTIALS, may_keep
from troth.channels.accounts.models import Passkey, Refused, SignIn, User
from troth.channels.accounts.views.pieces import log_in, page, passkeys_here, safe_next
from troth.kit.throttle.counting import ThrottleDenied, caller_of, throttle
from troth.kit.throttle.patience import same_time

WAITING = "accounts.second-step"
WAITS = 10 * 60
QUARTER = 15 * 60


@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    form = LogInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, password = form.cleaned_data["name"], form.cleaned_data["password"]
        _slow_down(request, name)
        user = authenticate(request, address=name, password=password)
        if isinstance(user, User):
            return _password_fits(request, user)
        _noted(request, name, Refused.What.PASSWORD)
        form.add_error(
            None,
            "The address and the password do not belong together, the address "
            "was not confirmed, or the account is locked.",
        )
    return _login_page(request, form)


def _login_page(request: HttpRequest, form: LogInForm) -> HttpResponse:
    passkeys = passkeys_here(request) and may_keep(CREDENTIALS)
    if passkeys:  # the browser offers one where the address is typed (HTML, "autofill")
        form.fields["name"].widget.attrs["autocomplete"] = "username webauthn"
    return page(
        request,
        "login",
        form=form,
        next=safe_next(request),
        passkeys=passkeys,
        status=422 if form.errors else 200,
    )


def _slow_down(request: Any, name: str) -> None:
    """Count the attempt, by who calls and by whose account. Raises `ThrottleDenied`."""
    try:
        guessing.slow_down(name, caller_of(request), actor=request.actor)
    except ThrottleDenied:
        # Once a quarter of an hour for each caller: a flood is to cost us no more than counting.
        with suppress(ThrottleDenied):
            throttle("accounts.login.noted", caller_of(request), limit=1, seconds=QUARTER)
            _noted(request, name, Refused.What.FLOOD)
        raise


def _noted(request: Any, name: str, what: str) -> None:
    """Into the security log, in a time that does not tell whether there is such an account."""
    with same_time():
        guessing.refused(name=name, what=what, address=caller_of(request), actor=request.actor)


def _password_fits(request: HttpRequest, user: User) -> HttpResponse:
    if not second_factor.asked_of(user):
        return log_in(request, user, safe_next(request))
    request.session.cycle_key()
    request.session[WAITING] = [
        str(user.pk),
        user.get_session_auth_hash(),
        int(time.time()),
        safe_next(request),
    ]
    return redirect("accounts:login-code")


@require_http_methods(["GET", "POST"])
def login_code(request: HttpRequest) -> HttpResponse:
    user, to = _waiting(request)
    if user is None:
        return redirect("accounts:login")
    form = CodeForm(request.POST or None)
    answer = request.POST.get("credential", "")
    if request.method == "POST" and (answer or form.is_valid()):
        throttle("accounts.code", str(user.pk), limit=6, seconds=QUARTER)
        try:
            if answer:
                passkeys.check(request.session, user, answer)
            else:
                second_factor.check(user, form.cleaned_data["code"])
        except (PasskeyInvalid, second_factor.CodeInvalid) as wrong:
            guessing.note_refused(
                user,
                what=Refused.What.CODE,
                address=caller_of(request),
                actor=request.actor,  # type: ignore[attr-defined]
            )
            if isinstance(wrong, PasskeyInvalid):
                _say(form, wrong)
            else:
                form.add_error("code", f"{wrong.what} {wrong.do}")
        else:
            del request.session[WAITING]
            return log_in(request, user, to)
    return page(
        request,
        "login_code",
        form=form,
        passkeys=passkeys_here(request) and Passkey.objects.filter(user=user).exists(),
        factor=second_factor.factor_of(user),
        status=422 if form.errors else 200,
    )


@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """A challenge for a passkey: one of theirs for who gave the right password, else any."""
    throttle("accounts.passkey.client", caller_of(request), limit=60, seconds=QUARTER)
    if not passkeys_here(request):
        return JsonResponse({"error": "There are no passkeys at this address."}, status=422)
    if not request.POST.get("beside"):
        return JsonResponse(ceremonies.begin_asking(request.session))
    user, _ = _waiting(request)
    if user is None:
        return JsonResponse({"error": "That took too long. Begin again."}, status=422)
    known = [key for _, key in passkeys.known(user)]
    return JsonResponse(ceremonies.begin_asking(request.session, user=user.pk.bytes, known=known))


@require_POST
def login_passkey(request: HttpRequest) -> HttpResponse:
    """Log in with nothing but a passkey, which its device has opened for its owner."""
    throttle("accounts.login.client", caller_of(request), limit=60, seconds=QUARTER)
    try:
        user = passkeys.log_in_alone(request.session, request.POST.get("credential", ""))
    except PasskeyInvalid as wrong:
        with same_time():  # of whom it was to be is not known
            guessing.note_refused(
                None,
                what=Refused.What.CODE,
                address=caller_of(request),
                actor=request.actor,  # type: ignore[attr-defined]
            )
        form = LogInForm({})
        _say(form, wrong)
        return _login_page(request, form)
    return log_in(request, user, safe_next(request))


def _say(form: Form, wrong: PasskeyInvalid) -> None:
    """On a form that was not filled in, because a passkey came instead."""
    form.errors.clear()
    form.add_error(None, f"{wrong.what} {wrong.do}")


def _waiting(request: HttpRequest) -> tuple[User | None, str]:
    """Who gave the right password a moment ago; a change of password in between ends it."""
    pk, mark, at, to = request.session.get(WAITING) or ("", "", 0, "")
    if not pk or time.time() - at > WAITS:
        return None, ""
    user = User.objects.select_related("person__root", "address").filter(pk=pk, is_active=True)
    found = user.first()
    if found is None or found.get_session_auth_hash() != mark or guessing.is_shut(found, request):
        return None, ""
    return found, to


@require_POST
def log_out(request: Any) -> HttpResponse:
    """Here, or everywhere when asked."""
    user, actor = request.user, as_person(request.user.person)
    if request.POST.get("everywhere"):
        sign_ins.end_all(user, actor=actor)
    else:
        key = request.session.session_key
        sign_ins.end(user, SignIn.objects.filter(user=user, session_key=key), actor=actor)
    logout(request)
    return redirect("accounts:logged-out")


@require_http_methods(["GET"])
def logged_out(request: HttpRequest) -> HttpResponse:
    return page(request, "logged_out")
