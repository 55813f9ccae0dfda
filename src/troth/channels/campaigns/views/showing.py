"""One campaign: its letter, who gets it and why not, how it went, what failed."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from troth.channels.campaigns import (
    addresses,
    choosing,
    forms,
    previewing,
    queries,
    reporting,
    wording,
)
from troth.channels.campaigns.explaining import Explanation
from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.views.listing import around, dress
from troth.kit.charts import Chart, Part, stacked
from troth.kit.shell import Link
from troth.kit.words import plural

PAGE = 30


def about(request: Any, ref: str, here: str = "") -> dict[str, Any]:
    """The campaign with its tabs, and the list beside it."""
    found = dress(queries.by_ref(ref))
    if found.state in (Campaign.State.SENDING, Campaign.State.PAUSED):
        left = plural(queries.progress(found).left, "copy", "copies")
        found.affected = f"{left} that have not left"  # type: ignore[attr-defined]
    return around(request) | {"campaign": found, "tabs": tabs(found, here)}


# All tabs let the letter's frame in, since htmx changes tabs without a new page.


def tabs(campaign: Campaign, here: str) -> list[Link]:
    """The parts of a campaign's page; how it went is there once it was made ready."""
    base = f"/console/campaigns/{campaign.ref}"
    parts = [("", "Letter"), ("audience", "Who gets it")]
    if campaign.frozen_at:
        parts = [("", "Letter"), ("report", "How it goes"), ("failures", "Not arrived")]
        if campaign.state == Campaign.State.DONE:
            parts[1] = ("report", "How it went")
    return [Link(word, f"{base}/{key}".rstrip("/"), current=key == here) for key, word in parts]


@never_cache
@previewing.framing
@require_safe
def campaign(request: Any, ref: str) -> HttpResponse:
    context = about(request, ref)
    found = context["campaign"]
    context |= {"look": previewing.of(found), "test": forms.TestForm()}
    context["ground"] = wording.ground(found.ground) if found.ground else ""
    return render(request, "campaigns/letter.html", context)


@never_cache
@previewing.framing
@require_safe
def audience(request: Any, ref: str) -> HttpResponse:
    """Who would get it if it left now, and who not, by clause and choice."""
    context = about(request, ref, "audience")
    return render(request, "campaigns/audience.html", context | counted(context["campaign"]))


def counted(found: Campaign) -> dict[str, Any]:
    explained = queries.explain(found)
    return {"explained": explained, "chart": picture(found, explained)}


def picture(found: Campaign, explained: Explanation) -> Chart:
    """Everybody known, by what becomes of them."""
    parts = [Part("Get it", explained.gets, getattr(found, "number", ""))]
    parts += [
        Part(line.label[:1].upper() + line.label[1:], line.count, line.clause)
        for line in explained.lines
    ]
    return stacked("Who gets it and why not", parts)


@never_cache
@previewing.framing
@require_safe
def report(request: Any, ref: str) -> HttpResponse:
    """How far it is while it is being sent, and what became of it afterwards."""
    context = about(request, ref, "report")
    found = context["campaign"]
    progress = queries.progress(found)
    moving = found.state == Campaign.State.SENDING
    context |= {
        "progress": progress,
        "gone": progress.total - progress.left,
        "pace": reporting.pace(found, progress),
        "moving": moving,
        "chart": reporting.chart(progress),
        "reasons": reporting.reasons(found),
        "left_since": 0 if moving else reporting.left_since(found),
        "opens": reporting.opens(found),
        "subjects": reporting.subjects(found),
        "chosen_by": choosing.BY.get(found.chosen_by, ""),
        "choice_at": reporting.choice_at(found),
    }
    response = render(request, "campaigns/report.html", context)
    if request.htmx and not request.htmx.boosted and not moving:
        response["HX-Refresh"] = "true"  # it has ended: its head and tabs say so, too
    return response


@never_cache
@previewing.framing
@require_safe
def failures(request: Any, ref: str) -> HttpResponse:
    """Copies that did not arrive, with the reason; and those that may have arrived twice."""
    context = about(request, ref, "failures")
    found = context["campaign"]
    state = request.GET.get("which", "")
    progress = queries.progress(found)
    unsure = state == "uncertain"
    rows = reporting.uncertain(found) if unsure else queries.failures(found, state)
    page = Paginator(rows, PAGE).get_page(request.GET.get("copies"))
    shown = addresses.of(request, [copy.person for copy in page])
    for copy in page:
        copy.sign = wording.copy_state(copy)
        copy.why = wording.reason(copy.state, copy.reason)
        copy.address = shown.get(copy.person.root_id)
    counts = [(key, wording.COPIES[key].word, progress.of(key)) for key in queries.TROUBLE]
    counts.append(("uncertain", "perhaps twice", progress.uncertain))
    context |= {
        "copies": page,
        "which": state,
        "kinds": [
            Link(f"{word} ({count:,})", f"?which={key}", current=key == state)
            for key, word, count in counts
            if count
        ],
        "total": sum(progress.of(key) for key in queries.TROUBLE),
        "before": f"?which={state}&copies={page.previous_page_number()}"
        if page.has_previous()
        else "",
        "after": f"?which={state}&copies={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "campaigns/failures.html", context)
