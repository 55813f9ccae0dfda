"""What several pages of accounts share."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from troth.channels.accounts import sign_ins
from troth.channels.accounts.ceremonies import place
from troth.channels.accounts.devices import device_of
from troth.channels.accounts.entries import as_person
from troth.channels.accounts.finding import is_staff
from troth.channels.accounts.forms import KnownPasswordForm
from troth.channels.accounts.grounds import PASSWORD_PAGES
from troth.channels.accounts.middleware import SESSION_MARK
from troth.channels.accounts.models import User
from troth.channels.accounts.parts import account_parts
from troth.channels.notices import api as notices
from troth.core.choices.objecting import object_to_sharing
from troth.core.notices.versions import current
from troth.kit.throttle.counting import throttle

BACKEND = "troth.channels.accounts.backends.SealedAddressBackend"


def page(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of accounts; none is kept by a cache, and no address of one goes elsewhere.

    Some addresses hold a token. To other sites the browser sends none (the site's referrer policy
    is `same-origin`); `no-referrer` would also take away the origin that checks a form's source.
    """
    answer = render(request, f"accounts/{name}.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def own_page(request: Any, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page for who is logged in, with the menu of their account."""
    return page(request, name, status=status, parts=account_parts(request), **context)


def informs(touchpoint: str = PASSWORD_PAGES) -> tuple[Any, ...]:
    """The sentences of the policy that stand on these pages."""
    return current().rules.informs_at(touchpoint)


def safe_next(request: HttpRequest) -> str:
    """Where to go after the log-in: an address of this site, or nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours and wanted.startswith("/") else ""


def passkeys_here(request: HttpRequest) -> bool:
    """Whether the browser sees the site at the one address where its passkeys work."""
    here = place()
    return here is not None and here.origin == f"{request.scheme}://{request.get_host()}"


def password_is_right(request: Any, form: KnownPasswordForm) -> bool:
    """Whether who is logged in has sent their password; the form says so if not."""
    if request.method != "POST" or not form.is_valid():
        return False
    throttle("accounts.password", str(request.user.pk), limit=10, seconds=60 * 60)
    if not request.user.check_password(form.cleaned_data["password"]):
        form.add_error("password", "This is not your password.")
        return False
    return True


def log_in(request: HttpRequest, user: User, to: str = "") -> HttpResponse:
    """Begin the session, under a new key, and go on."""
    if request.user.is_authenticated:
        request.session.cycle_key()  # `login` does so only where nobody was logged in
    login(request, user, backend=BACKEND)
    request.session.set_expiry(0)  # the cookie ends with the browser, as the policy says
    begun = sign_ins.begin(
        user,
        device_of(request),
        actor=as_person(user.person),
        session_key=str(request.session.session_key),
    )
    request.session[SESSION_MARK] = str(begun.pk)
    if getattr(request, "gpc", False):  # set by the hub from the browser's header
        object_to_sharing(user.person.root, actor=as_person(user.person))
    if not is_staff([user.person.root_id]) and notices.unread(user.person.root):
        return redirect(f"{reverse('notices:mine')}?{urlencode({'next': to})}")
    return redirect(to or "accounts:home")
