from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from troth.channels.accounts import my_data as queries
from troth.channels.accounts.parts import choices_url
from troth.channels.accounts.views.pieces import own_page
from troth.core.choices.switches import solicitation_refused, switches
from troth.core.errors import Missing
from troth.core.ledger.api import verifier
from troth.core.notices.versions import current
from troth.core.staff.members import membership_of


@require_GET
def home(request: Any) -> HttpResponse:
    return own_page(request, "home", member=membership_of(request.user), preferences=choices_url())


@require_GET
def my_data(request: Any) -> HttpResponse:
    person = request.user.person.root
    happened, older = queries.happenings(person, _before(request))
    first = "before" not in request.GET
    held, sections = queries.held(person) if first else ([], [])
    return own_page(
        request, "my_data",
        held=held,
        sections=sections,
        switches=[one for one in switches(person) if not one.fixed] if first else [],
        refused=solicitation_refused(person), happened=happened, older=older, first=first,
        access=next((r for r in current().policy.rights if r.kind == "access"), None),
        preferences=choices_url(), standing=person.get_standing_display(),
        outside=current().rules.online_clause,
    )  # fmt: skip


def _before(request: Any) -> UUID | None:
    wanted = request.GET.get("before")
    try:
        return UUID(wanted) if wanted else None
    except ValueError:
        raise Missing("There is no such page of your timeline.", do="Begin again.") from None


@require_GET
def receipt(request: Any, entry: UUID) -> HttpResponse:
    found = queries.receipt_of(request.user.person.root, entry)
    answer = JsonResponse(found, json_dumps_params={"indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="receipt-{entry.hex[-8:]}.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def checking(request: Any) -> HttpResponse:
    return own_page(request, "checking", key=str(verifier(request.organisation.pk)))
