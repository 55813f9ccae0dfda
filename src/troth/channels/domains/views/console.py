"""Domains for the staff: their state, what the registry gets, and the owner asked for a change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from troth.channels.domains import contacts, entering, finding
from troth.channels.domains.clauses import NAME, place
from troth.channels.domains.models import Domain
from troth.channels.domains.names import shown
from troth.channels.domains.views.pieces import ContactForm
from troth.core.gate import uses
from troth.core.gate.denials import UseDenied
from troth.core.people.models import Element
from troth.kit.refusals import of as refusal_words

PAGE = 30


@never_cache
@require_safe
def index(request: Any) -> HttpResponse:
    """All domains; their names stay sealed until a purpose is picked."""
    found = place()
    rows = Domain.objects.select_related("person", "name").order_by("-state", "-ordered_at", "-id")
    shown_page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    names, denied = _names(request, list(shown_page))
    context = {
        "place": found,
        "page": shown_page,
        "rows": [(one, names.get(one.pk)) for one in shown_page],
        "denied": denied,
    }
    return render(request, "domains/list.html", context)


def _names(request: Any, domains: list[Domain]) -> tuple[dict[Any, str], Any]:
    if request.purpose is None or not domains:
        return {}, None
    key, among = request.purpose.key, {one.person_id for one in domains}
    try:
        with uses.use_audience(actor=request.actor, purpose=key, data=[NAME], among=among):
            values = {one.pk: one.name.value for one in domains}
            return {pk: shown(text) for pk, text in values.items() if isinstance(text, str)}, None
    except UseDenied as denied:
        return {}, refusal_words(denied)


@never_cache
@require_safe
def one(request: Any, ref: str) -> HttpResponse:
    return _page(request, finding.by_ref(ref))


def _page(request: Any, domain: Domain, *, status: int = 200, **more: Any) -> HttpResponse:
    found = place()
    held = finding.elements(domain)
    labels = {field.key: field.label for field in found.touchpoint.fields}
    values, denied = _values(request, domain, held)
    context = {
        "domain": domain,
        "place": found,
        "elements": [
            (element, labels.get(element.name, element.name), values.get(element.pk))
            for element in held
        ],
        "denied": denied,
        "shown": [one.field.label for one in found.showable if one.field.key in domain.shown],
        "moves": domain.moves.all()[:10],
        "registries": [found.rules.recipients[key].name for key in found.registries],
        "form": ContactForm() if found.technical else None,
    }
    return render(request, "domains/one.html", context | more, status=status)


def _values(request: Any, domain: Domain, held: list[Element]) -> tuple[dict[Any, str], Any]:
    """What the owner gave, for the purpose picked; each opening is on the ledger."""
    if request.purpose is None or not held:
        return {}, None
    try:
        with uses.use(actor=request.actor, purpose=request.purpose.key, person=domain.person):
            values = {element.pk: element.value for element in held}
            return {pk: text for pk, text in values.items() if isinstance(text, str)}, None
    except UseDenied as denied:
        return {}, refusal_words(denied)


@never_cache
@require_POST
def sheet(request: Any, ref: str) -> HttpResponse:
    """What the registry gets. It is a disclosure, and recorded, so it is asked for."""
    domain = finding.by_ref(ref)
    party, lines = entering.sheet(domain, actor=request.actor)
    return render(request, "domains/sheet.html", {"domain": domain, "party": party, "lines": lines})


@require_POST
def entered(request: Any, ref: str) -> HttpResponse:
    entering.entered(finding.by_ref(ref), actor=request.actor)
    messages.success(request, "Noted: it is in the registry.")
    return redirect("domains:one", ref)


@require_POST
def ask_owner(request: Any, ref: str) -> HttpResponse:
    """Somebody wrote or called for another technical contact: the owner is asked by mail."""
    domain, form = finding.by_ref(ref), ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, domain, status=422, form=form)
    contacts.ask(domain, form.cleaned_data["contact"], actor=request.actor, way="mail")
    messages.success(request, "The owner is asked by mail. Nothing changes before they say yes.")
    return redirect("domains:one", ref)
