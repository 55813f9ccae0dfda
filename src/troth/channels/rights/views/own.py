"""“My requests” in the account."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.accounts.api import account_parts
from troth.channels.rights import mails
from troth.channels.rights.finding import address_of
from troth.channels.rights.forms import OwnForm
from troth.channels.rights.offered import offered
from troth.channels.rights.receiving import owned, receive
from troth.channels.rights.showing import line, whole
from troth.channels.rights.views.links import act
from troth.channels.rights.views.site import the_right
from troth.core.rights import api as rights
from troth.kit.shell import Link
from troth.kit.throttle.counting import throttle


@never_cache
@require_safe
def index(request: Any) -> HttpResponse:
    lines = [
        line(one, to_person=True, url=reverse("requests:own-request", args=[one.ref]))
        for one in rights.of(request.user.person)[:100]
    ]
    return _page(request, "own", lines=lines, offered=offered())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Any, kind: str) -> HttpResponse:
    """Being logged in shows who asks; for a deletion the password is asked for once more."""
    right = the_right(kind)
    form = OwnForm(kind, request.POST or None)
    if request.method == "POST" and form.is_valid() and _is_them(request, form):
        person = request.user.person.root
        found = receive(
            kind,
            actor=request.actor,
            way="account",
            person=person,
            content=form.content(address_of(person, actor=request.actor)),
        )
        return redirect("requests:own-request", ref=found.ref)
    return _page(request, "own_ask", status=422 if form.is_bound else 200, form=form, right=right)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request(request: Any, ref: str) -> HttpResponse:
    found = rights.by_ref(ref)
    owned(found, request.user.person)
    if request.method == "POST":
        if request.POST.get("do") == "package" and whole(found, to_person=True)["has_package"]:
            return redirect(mails.ticket_path(found))
        act(found, request.POST.get("do", ""), actor=request.actor, given=request.POST)
        return redirect("requests:own-request", ref=ref)
    return _page(request, "own_request", **whole(found, to_person=True))


def _is_them(request: Any, form: OwnForm) -> bool:
    if "password" not in form.fields:
        return True
    throttle("requests.password", str(request.user.pk), limit=5, seconds=900)
    if request.user.check_password(form.cleaned_data["password"]):
        return True
    form.add_error("password", "This is not your password.")
    return False


def _page(request: Any, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    menu = list(account_parts(request))
    here = reverse("requests:own")
    parts = [Link(one.label, one.url, current=one.url == here) for one in menu]
    context["parts"] = parts
    return render(request, f"requests/{name}.html", context, status=status)
