"""The console's pages of imports."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from troth.channels.imports import actions, asking, queries, report
from troth.channels.imports.columns import ColumnsInvalid, touchpoint
from troth.channels.imports.files.faults import FAULTS
from troth.channels.imports.forms import ColumnsForm, UploadForm
from troth.channels.imports.models import Import
from troth.channels.imports.uploads import TakeOneList
from troth.core.notices.versions import current

PAGE = 30
STEPS = ("Upload", "Columns", "Trial", "Coming in", "Done")
STEP = {"reading": 1, "mapping": 2, "trying": 3, "tried": 3, "running": 4, "done": 6}
TOO_LARGE = "The file is larger than 50 MB. Bring the list in parts, or save it as CSV."


@never_cache
@require_GET
def index(request: Any) -> HttpResponse:
    return _page(request, {"form": UploadForm()})


@csrf_exempt  # only until the handler is set: looking for the token reads the file
@never_cache
def new(request: Any) -> HttpResponse:
    """The form that begins an import."""
    if request.method == "POST":
        request.upload_handlers = [TakeOneList(request)]
    return _new(request)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _new(request: Any) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.META.get("troth.list_too_large"):
        form.errors["list"] = form.error_class([TOO_LARGE])
    if form.is_bound and form.is_valid():
        found = actions.upload(form.cleaned_data["list"].read(), actor=request.actor)
        return redirect("imports:run", ref=found.ref)
    status = 422 if form.is_bound else 200
    return _page(request, {"form": form, "new": True}, status=status)


@never_cache
@require_GET
def run(request: Any, ref: str) -> HttpResponse:
    found = queries.by_ref(ref)
    form = None
    if found.state == Import.State.MAPPING:
        form = _form(request, found, data=None)
    answer = _page(request, {"run": found, "form": form})
    if request.htmx and found.state not in Import.WORKING:
        answer["HX-Refresh"] = "true"  # more than the progress has changed
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: Any, ref: str) -> HttpResponse:
    """Choose the columns, also again after a trial; then try."""
    found = queries.by_ref(ref)
    if found.state not in (Import.State.MAPPING, Import.State.TRIED):
        return redirect("imports:run", ref=ref)
    form = _form(request, found, data=request.POST if request.method == "POST" else None)
    problem = ""
    if form is not None and form.is_bound and form.is_valid():
        try:
            actions.rehearse(ref, actor=request.actor, columns=form.columns())
            return redirect("imports:run", ref=ref)
        except ColumnsInvalid as invalid:
            problem = f"{invalid.what} {invalid.do}"
    status = 422 if request.method == "POST" else 200
    return _page(request, {"run": found, "form": form, "problem": problem}, status=status)


@require_POST
def start(request: Any, ref: str) -> HttpResponse:
    actions.start(ref, actor=request.actor)
    return redirect("imports:run", ref=ref)


@require_POST
def cancel(request: Any, ref: str) -> HttpResponse:
    actions.cancel(ref, actor=request.actor)
    return redirect("imports:run", ref=ref)


@never_cache
@require_GET
def problems(request: Any, ref: str) -> HttpResponseBase:
    found = queries.by_ref(ref)
    return report.download(f"problems-{found.ref[:8]}", list(queries.problems(found)))


def _form(request: Any, found: Import, *, data: Any) -> ColumnsForm | None:
    clause = touchpoint()
    if clause is None:
        return None
    return ColumnsForm(data, clause, queries.head(found, actor=request.actor), found.columns)


def _page(request: Any, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    clause, published = touchpoint(), current()
    found: Import | None = context.get("run")
    if found is not None:
        context |= {
            "steps": STEPS,
            "step": STEP.get(found.state, 0),
            "working": found.state in Import.WORKING,
            "progress_words": f"{found.get_state_display()}: batch {found.position:,} of "
            f"{found.pieces:,}",
            "fault": FAULTS.get(found.fault),
            "reasons": queries.summary(found),
            "over": found.state in Import.ENDED,
        }
    context |= {
        "page": Paginator(queries.imports(), PAGE).get_page(request.GET.get("page")),
        "clause": clause,
        "purposes": [published.rules.purposes[key] for key in clause.purposes] if clause else [],
        "asks_under": published.rules.purposes.get(asking.purpose(published)),
    }
    return render(request, "imports/imports.html", context, status=status)
