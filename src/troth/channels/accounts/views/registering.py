from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from troth.channels.accounts import registering
from troth.channels.accounts.finding import address_digest
from troth.channels.accounts.forms import KnownPasswordForm, RegisterForm, register_form
from troth.channels.accounts.grounds import EMAIL, REGISTER, USERNAME, touchpoint
from troth.channels.accounts.mails import CONFIRM
from troth.channels.accounts.models import Registration
from troth.channels.accounts.views.pieces import informs, log_in, page
from troth.channels.forms.api import child_page, refuse_child
from troth.kit import links
from troth.kit.throttle.counting import caller_of, throttle
from troth.kit.throttle.patience import same_time

HOUR = 60 * 60


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    form = register_form()(request.POST or None)
    if request.method == "POST":
        throttle("accounts.register", caller_of(request), limit=20, seconds=HOUR)
        if form.under_age():
            refuse_child(actor=request.actor, touchpoint=REGISTER)  # type: ignore[attr-defined]
            return child_page(request)
        with same_time():
            if form.is_valid() and _registered(request, form):
                return redirect("accounts:registered")
    return page(
        request,
        "register",
        form=form,
        touchpoint=form.touchpoint,
        rows=form.groups(),
        informs=informs(REGISTER),
        status=422 if form.errors else 200,
    )


def _registered(request: HttpRequest, form: RegisterForm) -> bool:
    given = form.given()
    address = next(item.text for item in given if item.category == EMAIL)
    actor = request.actor  # type: ignore[attr-defined]
    throttle(
        "accounts.register.address", address_digest(address, actor=actor), limit=5, seconds=HOUR
    )
    password = make_password(form.cleaned_data[form.secret])
    try:
        registering.register(given, password=password, choices=form.choices(), actor=actor)
    except registering.NameTakenInvalid as taken:
        name = next(f.key for f in touchpoint(REGISTER).fields if f.category == USERNAME)
        form.add_error(name, f"{taken.what} {taken.do}")
        return False
    return True


@require_GET
def registered(request: HttpRequest) -> HttpResponse:
    return page(request, "registered", days=registering.WAITS.days)


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    pk = UUID(links.read(token, CONFIRM, registering.WAITS))
    registration = Registration.objects.select_related("person__root", "address").filter(pk=pk)
    if (found := registration.first()) is None:
        raise links.LinkInvalid
    form = KnownPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        throttle("accounts.confirm", str(pk), limit=10, seconds=15 * 60)
        try:
            user = registering.confirm(found, password=form.cleaned_data["password"])
        except registering.ConfirmationInvalid as wrong:
            form.add_error("password", f"{wrong.what} {wrong.do}")
        else:
            return log_in(request, user)
    return page(request, "confirm", form=form, status=422 if form.errors else 200)
