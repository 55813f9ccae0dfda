"""The console's pages of recipients."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from troth.channels.recipients import announcing, handing, mails, queries, sending_lists
from troth.channels.recipients.forms import BondForm, ListForm, SuspendForm
from troth.channels.recipients.listing import REASONS
from troth.channels.recipients.models import Handover
from troth.core.notices.versions import current
from troth.core.recipients import binding
from troth.core.recipients.models import Suspension
from troth.kit.categories import in_words
from troth.kit.cells import safe

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_GET
def index(request: Any) -> HttpResponse:
    return render(request, "recipients/index.html", {"rows": queries.rows()})


@never_cache
@require_http_methods(METHODS)
def one(request: Any, to: str) -> HttpResponse:
    """A recipient: how it stands, what it gets, what went to it, and what can be done."""
    binding.named(to)
    what = request.POST.get("do", "")
    bond = BondForm(request.POST if what == "bind" else None)
    suspend = SuspendForm(request.POST if what == "suspend" else None)
    if request.method == "POST" and (said := _done(request, to, what, bond, suspend)):
        messages.success(request, said)
        return redirect("recipients:one", to)
    status = 422 if bond.is_bound or suspend.is_bound else 200
    return _page(request, to, {"bond": bond, "suspend": suspend}, status=status)


def _done(request: Any, to: str, what: str, bond: BondForm, suspend: SuspendForm) -> str:
    """Do what a button of the page asks for. Returns what to say, or "" where a form is wrong."""
    if what == "bind" and bond.is_valid():
        binding.bind(actor=request.actor, to=to, **bond.cleaned_data)
        return "Noted."
    if what == "suspend" and suspend.is_valid():
        ground = suspend.cleaned_data["ground"]
        binding.suspend(actor=request.actor, to=to, ground=ground, source=Suspension.Source.STAFF)
        return "Suspended: nothing goes there from now on. A case of remedy is open."
    if what == "announce":
        announcing.begin(actor=request.actor, to=to, purpose=request.POST.get("purpose", ""))
        return "People are told by mail now. Nothing goes before their time to refuse is over."
    if what == "link":
        taken = mails.send_its_link(to)
        return "Its link was mailed to it." if taken else "Its server did not take the mail."
    return ""


@require_POST
def new_list(request: Any, to: str) -> HttpResponse:
    form = ListForm(request.POST, purposes=queries.purposes_of(to), columns=queries.columns(to))
    if not form.is_valid():
        return _page(request, to, {"list": form}, status=422)
    made = handing.prepare(
        actor=request.actor,
        to=to,
        purpose=form.cleaned_data["purpose"],
        asked=form.cleaned_data["column"],
    )
    return redirect("recipients:handover", ref=made.ref)


@never_cache
@require_GET
def handover(request: Any, ref: str) -> HttpResponse:
    """A list that was prepared: what of it goes, what not and why."""
    found = handing.by_ref(ref)
    rules = current().rules
    purpose, party = rules.purposes.get(found.purpose), rules.recipients.get(found.recipient)
    context = {
        "list": found,
        "party": party,
        "purpose": purpose,
        "head": handing.head(found),
        "stripped": [
            (in_words(key), clause, rules.explain("share", found.purpose, key, found.recipient))
            for key, clause in found.stripped.items()
        ],
        "left_out": [(REASONS.get(key, key), n) for key, n in found.left_out.items()],
        "sendable": sending_lists.connector_for(found) is not None,
    }
    return render(request, "recipients/list.html", context)


@require_POST
def download(request: Any, ref: str) -> HttpResponseBase:
    found = handing.by_ref(ref)
    rows = handing.hand(found, actor=request.actor, way="download")
    answer = StreamingHttpResponse(
        handing.as_csv(found, rows, safe), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{found.recipient}-{ref[:8]}.csv"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@never_cache
@require_GET
def note(request: Any, ref: str) -> HttpResponse:
    """The note that goes with the list."""
    del request
    answer = HttpResponse(
        handing.note(handing.by_ref(ref)), content_type="text/plain; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="note-{ref[:8]}.txt"'
    return answer


@require_POST
def send(request: Any, ref: str) -> HttpResponse:
    found = handing.by_ref(ref)
    if found.state != Handover.State.SENDING:
        sending_lists.begin(found, actor=request.actor)
        messages.success(request, "The list is being sent.")
    return redirect("recipients:handover", ref=ref)


def _page(request: Any, to: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    purposes = queries.purposes_of(to)
    forms = {
        "bond": BondForm(),
        "suspend": SuspendForm(),
        "list": ListForm(purposes=purposes, columns=queries.columns(to)) if purposes else None,
    }
    return render(
        request, "recipients/one.html", queries.page_of(to) | forms | context, status=status
    )
