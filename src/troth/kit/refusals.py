"""Refusals and errors for people: what happened, why (which clause), what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from troth.core import errors


@dataclass(frozen=True, slots=True)
class Refusal:
    """What `kit/refusal.html` shows. `clause` is a number or an object with one."""

    title: str
    happened: str
    why: str = ""
    todo: str = ""
    clause: Any = ""
    status: int = 403
    url: str = ""
    link: str = ""


_STANDARD = {
    refusal.status: refusal
    for refusal in (
        Refusal(
            "This request could not be read",
            "What arrived was incomplete or not in a form this page accepts. Nothing was stored.",
            "Requests that are unclear are set aside rather than guessed at.",
            "Go back, check what you entered and send it again.",
            status=400,
        ),
        Refusal(
            "You may not do this here",
            "The request was understood and refused. Nothing was changed.",
            "Your account or this link does not include what was asked for.",
            "Log in with another account, or ask the person who runs this site for access.",
            status=403,
        ),
        Refusal(
            "There is no such page",
            "Nothing is kept at this address.",
            "The address may be mistyped, or what it led to was removed or erased.",
            "Check the address, or start again from the home page.",
            status=404,
        ),
        Refusal(
            "This address works another way",
            "The page exists, but not for this kind of request. Nothing was changed.",
            "An act is done with its button, never by opening its address.",
            "Go back to the page and use the button there.",
            status=405,
        ),
        Refusal(
            "Somebody else was faster",
            "This changed while you were working on it. Your change was not stored.",
            "Two changes to one thing would overwrite each other.",
            "Open it again, look at what is new, and make your change once more.",
            status=409,
        ),
        Refusal(
            "Too many requests at once",
            "Several requests came in quick succession, so this one was not taken. "
            "Nothing is lost of what was sent before.",
            "The limit keeps machines from crowding people out.",
            "Wait a minute, then try again.",
            status=429,
        ),
        Refusal(
            "Something broke on our side",
            "The page could not be shown. Whatever was not finished was undone.",
            "A fault in the software; it was noted, without anything you entered.",
            "Try again in a few minutes. If it stays, tell the people who run this site "
            "what you were doing and when.",
            status=500,
        ),
    )
}


PAGES = {str(status) for status in _STANDARD}


def standard(status: int) -> Refusal:
    """The kit's own words for a status code; those of 500 for one it has no words for."""
    return _STANDARD.get(status, _STANDARD[500])


def of(error: errors.Refusal) -> Refusal:
    """What an exception of the core says, for a page."""
    return Refusal(
        error.what.rstrip("."), "", error.why, error.do, clause=error.clause, status=error.status
    )


def respond(request: HttpRequest, refusal: Refusal | errors.Refusal) -> HttpResponse:
    """The refusal as a page; as the bare piece where htmx asked for a part of one."""
    refusal = of(refusal) if isinstance(refusal, errors.Refusal) else refusal
    part = request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers
    template = "kit/pieces/refusal.html" if part else "kit/refusal.html"
    return render(request, template, {"refusal": refusal}, status=refusal.status)
