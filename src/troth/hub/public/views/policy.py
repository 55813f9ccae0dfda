"""The policy as published: in force, earlier versions, what changed, one clause, its source."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from troth.core.errors import Missing
from troth.core.notices import changes
from troth.core.notices.versions import (
    PolicyMissing,
    Published,
    current,
    version as published_version,
)
from troth.hub.public import published
from troth.hub.public.tallies import tally
from troth.kit import words
from troth.policy.blocks import Age


@dataclass(frozen=True, slots=True)
class Card:
    """A clause as `kit/chip_card.html` shows it."""

    number: str
    title: str
    text: str


class VersionMissing(Missing):
    """The policy has no version of this name."""


class ClauseMissing(Missing):
    """The policy has no clause of this number."""


@require_safe
def in_force(request: HttpRequest) -> HttpResponse:
    """The policy, by default the version in force; `?version=` is what old chips point with."""
    name = request.GET.get("version", "")
    return _page(request, by_name(name) if name else current())


@require_safe
def earlier(request: HttpRequest, version: str) -> HttpResponse:
    """A version by its name, for good."""
    return _page(request, by_name(version))


@require_safe
def compared(request: HttpRequest, before: str, after: str) -> HttpResponse:
    """What changed in effect between two versions."""
    old, new, newest = by_name(before), by_name(after), current()
    found = published.changes(old, new)
    context = {
        "old": old,
        "new": new,
        "changes": changes.in_effect(found),
        "reworded": changes.in_words(found, old.policy, new.policy),
        "material": found.material,
        "window": words.duration(new.rules.window) if new.rules.window else "",
        "old_url": _page_url(old, newest),
        "new_url": _page_url(new, newest),
        "crumbs": [("Privacy policy", reverse("public:policy")), ("What changed", "")],
    }
    return render(request, "public/compare.html", context)


@require_safe
def clause(request: HttpRequest, number: str) -> HttpResponse:
    """One clause as a card: its text, its version, and what the ledger has about it."""
    newest = current()
    found = by_name(name) if (name := request.GET.get("version", "")) else newest
    wanted = found.policy.clause(number)
    if wanted is None:
        raise ClauseMissing(
            f"There is no clause {number[:30]} in this version.",
            why=f"Version {found.version} of the policy does not have it.",
            do="Look at the policy page; older versions are listed there.",
        )
    section = found.policy.section(number)
    about_age = any(isinstance(block, Age) for block in wanted.blocks)
    context = {
        "clause": Card(number, section.title if section else "", wanted.text),
        "version": found.version,
        "in_force": found.version == newest.version,
        "ledger": [("On the ledger", _counted(number))],
        "child_contact": found.policy.company.privacy_contact if about_age else "",
        "href": f"{_page_url(found, newest)}#clause-{number}",
    }
    template = "kit/chip_card.html" if request.headers.get("HX-Request") else "public/clause.html"
    return render(request, template, context)


@require_safe
def markdown(request: HttpRequest) -> HttpResponse:
    """The policy in force as Markdown."""
    return _plain(published.markdown(current()), "text/markdown")


@require_safe
def source(request: HttpRequest) -> HttpResponse:
    """The policy file in force: what the software runs by."""
    return _plain(current().policy.source, "application/toml")


@require_safe
def flows(request: HttpRequest) -> HttpResponse:
    """The flows of all data as a picture."""
    return HttpResponse(published.flows(current()), content_type="image/svg+xml; charset=utf-8")


def _page(request: HttpRequest, found: Published) -> HttpResponse:
    newest = current()
    listed = published.versions()
    context: dict[str, Any] = {
        "published": found,
        "policy": found.policy,
        "in_force": found.version == newest.version,
        "newest": newest,
        "versions": listed,
        "text": published.html(found),
        "flows": published.flows(found),
        "before": next(
            (later for this, later in pairwise(listed) if this.version == found.version),
            None,
        ),
    }
    return render(request, "public/policy.html", context)


def by_name(name: str) -> Published:
    """A version of the policy. Raises `VersionMissing`."""
    try:
        return published_version(name)
    except PolicyMissing:
        raise VersionMissing(
            "There is no such version of the policy.",
            why="No version of this name was ever published here.",
            do="The policy page lists all versions there are.",
        ) from None


def _page_url(found: Published, newest: Published) -> str:
    return published.page_url(found.version, in_force=found.version == newest.version)


def _counted(number: str) -> str:
    found = tally(number)
    counted = words.plural(found.count, "entry", "entries")
    return counted if found.complete else f"at least {counted}"


def _plain(content: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8")
