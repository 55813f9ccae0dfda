"""The assessments in the console: how it went over time, and the files to hand on."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from troth.core.assess.making import signed
from troth.core.assess.models import Assessment
from troth.hub.assessing import history
from troth.hub.assessing.report import render as render_report


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    answer = render(request, f"assessing/{template}", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The trend, the last assessment by area, and those before it."""
    entries = history.entries()
    context: dict[str, Any] = {"entries": entries}
    if entries:
        context |= history.shown(entries[0].made)
    return _page(request, "index.html", context)


@require_safe
def one(request: HttpRequest, ref: str) -> HttpResponse:
    """An earlier assessment, with all its findings."""
    return _page(request, "one.html", history.shown(history.by_ref(ref)))


@require_safe
def report(request: HttpRequest, ref: str) -> HttpResponse:
    """The report for people, as a file."""
    made = history.by_ref(ref)
    return _file(render_report(made), "text/html; charset=utf-8", f"{_name(made)}.html")


@require_safe
def document(request: HttpRequest, ref: str) -> HttpResponse:
    """The signed document, as a file."""
    made = history.by_ref(ref)
    text = json.dumps(signed(made), indent=1, ensure_ascii=False) + "\n"
    return _file(text, "application/json", f"{_name(made)}.json")


def _name(made: Assessment) -> str:
    return f"assessment-{made.at:%Y-%m-%d-%H%M}"


def _file(text: str, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
