"""Answering with a page of the console."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a page that may show values: no cache keeps it, also not the browser's."""
    response = render(request, f"console/{template}", context or {}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def asked_page(request: HttpRequest) -> str:
    """`?page=`; what is not a number is page 1."""
    asked = request.GET.get("page", "1")
    return asked if asked.isascii() and asked.isdecimal() and len(asked) < 9 else "1"  # noqa: PLR2004
