"""The list of campaigns, which stands beside each of them."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from troth.channels.campaigns import wording
from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.queries import conduct, listed
from troth.core.notices.versions import current
from troth.kit.shell import Link

PAGE: Final = 20
FILTERS: Final = {
    "all": ("All", ()),
    "drafts": ("Drafts", ("draft", "rejected")),
    "waiting": ("Waiting", ("waiting", "scheduled")),
    "under-way": ("Under way", ("sending", "paused")),
    "ended": ("Ended", ("done", "cancelled")),
}


def around(request: Any) -> dict[str, Any]:
    """What every page of the console shows of campaigns: the list, its filter, a stop of all."""
    key = request.GET.get("state", "all")
    key = key if key in FILTERS else "all"
    found = listed()
    if states := FILTERS[key][1]:
        found = found.filter(state__in=states)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    for row in page:
        dress(row)
    kept = conduct()
    return {
        "page": page,
        "filter": key,
        "filters": [
            Link(word, f"?state={name}", current=name == key) for name, (word, _) in FILTERS.items()
        ],
        "conduct": kept,
        "cause": wording.CAUSES.get(kept.cause, ""),
    }


def dress(campaign: Campaign) -> Campaign:
    """The campaign with the words and signs that templates show of it."""
    known = current().rules.purposes.get(campaign.purpose)
    campaign.sign = wording.state(campaign)  # type: ignore[attr-defined]
    campaign.label = known.label if known else campaign.purpose  # type: ignore[attr-defined]
    campaign.number = campaign.clause or (known.clause if known else "")  # type: ignore[attr-defined]
    campaign.when = (  # type: ignore[attr-defined]
        campaign.finished_at or campaign.frozen_at or campaign.scheduled_for or campaign.created_at
    )
    campaign.who = [wording.condition(one) for one in campaign.segment]  # type: ignore[attr-defined]
    return campaign


@never_cache
@require_safe
def index(request: Any) -> HttpResponse:
    return render(request, "campaigns/index.html", around(request))
