"""Roles: which purposes and abilities each opens, and changing them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from troth.core.errors import Refusal
from troth.core.staff import changing
from troth.hub.console.forms import RoleForm
from troth.hub.console.pages import page
from troth.hub.console.queries import staff as queries


@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """All roles, for everyone on the staff to see."""
    context = {"roles": queries.roles(), "unassigned": queries.unassigned()}
    return page(request, "settings/roles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def role(request: Any, pk: UUID | None = None) -> HttpResponse:
    """A new role, or one to change."""
    found = queries.role(pk) if pk else None
    initial = (
        {"name": found.name, "purposes": found.purposes, "abilities": found.abilities}
        if found
        else {}
    )
    form = RoleForm(request.POST or None, role=found, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            saved = changing.save_role(found, **form.cleaned_data, actor=request.actor)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.what} {refusal.why} {refusal.do}".strip())
        else:
            messages.success(request, f"The role “{saved.name}” holds from now on.")
            return redirect("console:roles")
    if form.is_bound and form.errors:
        status = 400
    context = {"form": form, "role": found, "members": found.members.count() if found else 0}
    return page(request, "settings/role.html", context, status=status)


def role_new(request: Any) -> HttpResponse:
    return role(request)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Any, pk: UUID) -> HttpResponse:
    """Remove a role that nobody has, after a look."""
    found = queries.role(pk)
    if request.method == "POST":
        name = found.name
        changing.remove_role(found, actor=request.actor)
        messages.success(request, f"The role “{name}” is gone.")
        return redirect("console:roles")
    context: dict[str, Any] = {"role": found, "members": found.members.count()}
    return page(request, "settings/role_remove.html", context)
