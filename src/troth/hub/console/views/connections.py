"""Other databases of the company: what is connected, in which state, and entering one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth.core.connect.models import Connection
from troth.core.errors import Refusal
from troth.hub.console.forms import ConnectionForm
from troth.hub.console.pages import page


@require_safe
def connections(request: Any) -> HttpResponse:
    """All connections, and what was wrong with each when it was last tried."""
    found = [
        {"row": row, "problems": [_connect().Problem(**one) for one in row.faults]}
        for row in Connection.objects.all()
    ]
    return page(request, "settings/connections.html", {"connections": found})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    """Enter a connection, or another address and description for one that is there."""
    form = ConnectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = _connect().add(
                *(given["key"], given["address"], given["description"]),
                actor=request.actor,
                secret=given["secret"],
            )
        except Refusal as refusal:
            form.add_error(None, f"{refusal.what} {refusal.why} {refusal.do}".strip())
        else:
            return _tried(request, row)
    status = 400 if form.is_bound and form.errors else 200
    return page(request, "settings/connection_new.html", {"form": form}, status)


@require_POST
def check(request: Any, key: str) -> HttpResponse:
    """Try it now."""
    return _tried(request, _connect().named(key))


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Any, key: str) -> HttpResponse:
    """Take a connection out, after saying what that does."""
    row = _connect().named(key)
    if request.method == "POST":
        _connect().remove(row, actor=request.actor)
        messages.success(request, f"{row.label} takes no part any more.")
        return redirect("console:connections")
    return page(request, "settings/connection_remove.html", {"row": row})


def _connect() -> Any:
    """What is heavy to import, and only these pages need."""
    from troth.core.connect import adding  # noqa: PLC0415 - SQLAlchemy takes most of a second

    return adding


def _tried(request: Any, row: Connection) -> HttpResponse:
    try:
        stopping = [one for one in _connect().check(row) if one.stops != "nothing"]
    except Refusal as refusal:
        messages.error(request, f"{refusal.what} {refusal.why}")
    else:
        said = "it does not hold yet; see below" if stopping else "it answers and holds"
        (messages.warning if stopping else messages.success)(request, f"{row.label}: {said}.")
    return redirect("console:connections")
