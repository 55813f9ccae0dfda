"""The staff: who is on it, asking somebody on, another role, removal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.accounts.api import invite as ask
from troth.core.errors import Refusal
from troth.core.staff import changing
from troth.hub.console import purposes
from troth.hub.console.forms import InviteForm, MemberForm
from troth.hub.console.pages import page
from troth.hub.console.queries import staff as queries
from troth.hub.console.wording import short


@require_safe
def staff(request: Any) -> HttpResponse:
    """Everyone on the staff, with their role."""
    found = queries.members(
        me=request.member.ref, actor=request.actor, purpose=purposes.picked(request)
    )
    return page(request, "settings/staff.html", {"members": found})


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Any) -> HttpResponse:
    """Ask somebody on to the staff: they get a one-time link by mail."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            ask(request.actor, given["name"], given["email"], given["role"])
        except Refusal as refusal:
            form.add_error(None, f"{refusal.what} {refusal.why} {refusal.do}".strip())
        else:
            messages.success(request, "The invitation is on its way.")
            return redirect("console:staff")
    status = 400 if form.is_bound and form.errors else 200
    return page(request, "settings/invite.html", {"form": form}, status)


@require_http_methods(["GET", "HEAD", "POST"])
def member(request: Any, ref: str) -> HttpResponse:
    """A member's role, and changing it."""
    found = queries.member(ref)
    form = MemberForm(request.POST or None, initial={"role": found.role_id})
    if request.method == "POST" and form.is_valid():
        try:
            changing.give_role(found, role=form.cleaned_data["role"], actor=request.actor)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.what} {refusal.why} {refusal.do}".strip())
        else:
            messages.success(request, "The new role holds at once.")
            return redirect("console:staff")
    status = 400 if form.is_bound and form.errors else 200
    context = {"member": queries.member(ref), "form": form, "short": short(ref)}
    return page(request, "settings/member.html", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Any, ref: str) -> HttpResponse:
    """Take a member off the staff, after saying what that does."""
    found = queries.member(ref)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            changing.remove_member(found, actor=request.actor)
        except changing.LastOwnerDenied as denied:
            refusal = denied
        else:
            messages.success(request, "They are no longer on the staff.")
            return redirect("console:home" if ref == request.member.ref else "console:staff")
    context = {
        "member": queries.member(ref),
        "short": short(ref),
        "refusal": refusal,
        "me": ref == request.member.ref,
    }
    return page(request, "settings/member_remove.html", context, 403 if refusal else 200)
