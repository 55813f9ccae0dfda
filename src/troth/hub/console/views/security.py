"""The security report: which log-ins were refused, when and how often."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from typing import Any, Final

from django.db.models import Sum
from django.db.models.functions import TruncDate
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from troth.channels.accounts.api import networks_open, refused_since, security_purpose
from troth.core import clock
from troth.core.notices.versions import current
from troth.hub.console import purposes
from troth.hub.console.pages import page
from troth.hub.console.wording import short
from troth.kit.charts import Bar, bars

DAYS: Final = 14
SHOWN: Final = 100


@require_safe
def security(request: Any) -> HttpResponse:
    """Two weeks of refused log-ins. Where they came from opens for the log's own purpose alone."""
    found = refused_since(clock.now() - timedelta(days=DAYS))
    days = found.annotate(day=TruncDate("began_at")).order_by("day").values_list("day")
    chart = bars(
        "Refused log-ins by day",
        [Bar(f"{day:%d %b}", count) for day, count in days.annotate(all=Sum("count"))],
        unit="Refused",
    )
    lines, own, picked = list(found[:SHOWN]), security_purpose(), purposes.picked(request)
    opens = bool(own) and picked is not None and picked.key == own
    held = networks_open(lines, actor=request.actor, purpose=own) if opens else nullcontext()
    with held:
        rows = [
            {
                "line": one,
                "account": short(one.user.person.root.ref) if one.user else "",
                "network": one.source.network if opens and one.source else None,
            }
            for one in lines
        ]
    declared = current().rules.purposes.get(own)
    context = {"rows": rows, "chart": chart, "purpose": declared, "opens": opens}
    return page(request, "settings/security.html", context)
