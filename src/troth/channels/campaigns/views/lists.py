"""Lists for post and phone: whom a purpose reaches in these ways, and the file of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from troth.channels.campaigns import contacts
from troth.kit.charts import Part, stacked

# A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection).
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: Any) -> HttpResponse:
    """The counts by purpose and way; by POST the file."""
    mine = request.actor.purposes or frozenset()
    offered = {pair: found for pair, found in contacts.reaches().items() if pair[0] in mine}
    asked = request.POST if request.method == "POST" else request.GET
    pair = (asked.get("purpose", ""), asked.get("way", ""))
    if pair not in offered:
        pair = next(iter(offered), ("", ""))
        if request.method == "POST":
            messages.error(request, "Choose a purpose and a way that the policy permits.")
            return redirect("campaigns:lists")
    if request.method == "POST":
        rows = contacts.rows(*pair, actor=request.actor)
        return _file(f"{pair[0]}-{pair[1]}", contacts.HEADS[pair[1]], rows)
    context: dict[str, Any] = {
        "offered": [
            {"key": key, "way": way, "word": contacts.WAYS[way], "purpose": purpose}
            for (key, way), (purpose, _) in offered.items()
        ],
        "pair": pair,
    }
    if offered:
        found = contacts.reach(*pair)
        parts = [Part("Can be reached", found.reached, found.purpose.clause)]
        parts += [Part(_upper(line.label), line.count, line.clause) for line in found.lines]
        word = contacts.WAYS[found.way].lower()
        context |= {
            "reach": found,
            "word": word,
            "chart": stacked(f"Who can be reached by {word}, and why not", parts),
        }
    return render(request, "campaigns/lists.html", context)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _file(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """A CSV file (RFC 4180) that no cache keeps; a cell never becomes a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        safe = (f"'{cell}" if cell.lstrip(" ").startswith(_ACTIVE) else cell for cell in row)
        writer.writerow(list(safe))
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
