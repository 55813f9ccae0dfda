"""The kit's own addresses, and a stand-in for the policy's clause cards."""

from __future__ import annotations

from types import SimpleNamespace

from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path


def card(request: HttpRequest, number: str) -> HttpResponse:
    clause = SimpleNamespace(
        number=number,
        title="Why we keep your number",
        text="We keep a phone number **only** to call you back, and erase it when that is done.",
    )
    context = {
        "clause": clause,
        "version": "2010-05-18",
        "in_force": True,
        "ledger": [
            ("Uses this month", "1,204"),
            ("Refused", "3"),
            ("Last checkpoint", "2 hours ago"),
        ],
    }
    return render(request, "kit/chip_card.html", context)


urlpatterns = [
    path("kit/", include("troth.kit.urls")),
    path("policy/clause/<str:number>", card),
    *staticfiles_urlpatterns(),
]
