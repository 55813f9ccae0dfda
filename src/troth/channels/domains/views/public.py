"""The public record: a page for people, and RDAP (RFC 7480 and 9083) for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from troth.channels.domains import rdap as as_rdap
from troth.channels.domains.clauses import place
from troth.channels.domains.finding import DomainMissing
from troth.channels.domains.names import NameInvalid, ascii_of
from troth.channels.domains.registry import Record, record_of
from troth.channels.forms.api import pace


@never_cache
@require_safe
def whois(request: HttpRequest) -> HttpResponse:
    """Look a name up. What is not shown is said to be left out."""
    asked, record, problem = request.GET.get("name", "").strip()[:300], None, None
    here = place()
    if asked:
        pace(request, "domains.record")
        try:
            record = record_of(ascii_of(asked))
        except (NameInvalid, DomainMissing) as refused:
            problem = refused
    context = {"place": here, "asked": asked, "record": record, "problem": problem}
    return render(request, "domains/whois.html", context, status=problem.status if problem else 200)


@never_cache
@require_safe
def rdap(request: HttpRequest, domain: str) -> HttpResponse:
    place()
    pace(request, "domains.record")
    try:
        record: Record = record_of(ascii_of(domain))
    except (NameInvalid, DomainMissing) as refused:
        return _answer(
            as_rdap.problem(refused.status, refused.what, refused.do), status=refused.status
        )
    return _answer(as_rdap.answer(record))


@require_safe
def rdap_help(request: HttpRequest) -> HttpResponse:
    return _answer(as_rdap.helping(place().rules.policy.company.privacy_contact))


def _answer(body: dict[str, Any], *, status: int = 200) -> HttpResponse:
    answer = JsonResponse(
        body, status=status, content_type=as_rdap.MEDIA_TYPE, json_dumps_params={"indent": 1}
    )
    answer["Access-Control-Allow-Origin"] = "*"  # RFC 7480, section 5.6
    return answer
