"""An organisation's own templates: the list, and one with what it looks like."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.campaigns import layout_keeping as keeping, previewing
from troth.channels.campaigns.forms import LayoutForm
from troth.channels.campaigns.models import Layout
from troth.core.errors import Denied, Invalid


@never_cache
@require_safe
def index(request: Any) -> HttpResponse:
    return render(request, "campaigns/templates.html", {"templates": keeping.kept()})


@never_cache
@previewing.framing
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    return _answer(request, None)


@never_cache
@previewing.framing
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Any, ref: str) -> HttpResponse:
    found = keeping.by_ref(ref)
    if request.method == "POST" and request.POST.get("do") == "remove":
        keeping.remove(found, actor=request.actor)
        messages.success(request, "Thrown away.")
        return redirect("campaigns:templates")
    return _answer(request, found)


def _answer(request: Any, found: Layout | None) -> HttpResponse:
    """The form beside the look; `do=look` keeps nothing."""
    initial = {"name": found.name, "html": found.html} if found else {"html": previewing.EXAMPLE}
    form = LayoutForm(request.POST if request.method == "POST" else None, initial=initial)
    refusal: Denied | Invalid | None = None
    looking = request.POST.get("do") == "look"
    if form.is_bound and not looking and form.is_valid():
        try:
            saved = keeping.keep(actor=request.actor, layout=found, **form.cleaned_data)
        except (Denied, Invalid) as refused:
            refusal = refused
        else:
            messages.success(request, "Saved.")
            return redirect("campaigns:template", ref=saved.ref)
    if looking:
        form.errors.clear()
    context = {
        "form": form,
        "found": found,
        "refusal": refusal,
        "look": previewing.of_layout(request.POST.get("html", initial["html"])),
    }
    wrong = form.is_bound and not looking
    return render(request, "campaigns/template.html", context, status=422 if wrong else 200)
