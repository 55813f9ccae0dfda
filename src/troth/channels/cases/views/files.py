"""Papers into a case, papers out of it, and the bundle."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from troth.channels.cases.forms import DocumentForm
from troth.channels.cases.uploads import TakeOnePaper
from troth.channels.cases.views.queue import admit, context_of
from troth.core.cases import api as cases
from troth.core.cases.api import CaseInvalid

TOO_LARGE: Final = "The file is larger than 10 MB. Scan it with less detail."
CONTENT_POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"


@csrf_exempt  # only until the handler is set: looking for the token reads the file
def upload(request: Any, ref: str) -> HttpResponse:
    """Add a paper to a draft."""
    if request.method == "POST":
        request.upload_handlers = [TakeOnePaper(request)]
    return _upload(request, ref)


@csrf_protect
@require_POST
def _upload(request: Any, ref: str) -> HttpResponse:
    found = cases.by_ref(ref)
    form = DocumentForm(request.POST, request.FILES)
    if request.META.get("troth.document_too_large"):
        form.errors["document"] = form.error_class([TOO_LARGE])
    if form.is_valid():
        paper = form.cleaned_data["document"]
        try:
            cases.add_document(found, actor=request.actor, name=paper.name, content=paper.read())
            return redirect("casework:case", ref=ref)
        except CaseInvalid as invalid:
            form.add_error("document", f"{invalid.what} {invalid.why} {invalid.do}")
    context = context_of(request, found, document_form=form)
    return render(request, "casework/case.html", context, status=422)


@never_cache
@require_safe
def document(request: Any, ref: str, pk: UUID) -> HttpResponse:
    """A paper of a case, to be looked at. No browser opens it as a page of this site."""
    admit(request)
    found, name, content = cases.read_document(cases.by_ref(ref), pk, actor=request.actor)
    return _download(content, found.content_type, name)


@require_POST
def bundle(request: Any, ref: str) -> HttpResponse:
    """What the case covers, once."""
    found = cases.by_ref(ref)
    content = cases.bundle(found, actor=request.actor)
    return _download(content, "application/zip", f"case-{found.ref[:8]}.zip")


@require_POST
def export(request: Any, ref: str) -> HttpResponse:
    """What moves with a transfer, once."""
    found = cases.by_ref(ref)
    content = cases.export(found, actor=request.actor)
    return _download(content, "application/zip", f"transfer-{found.ref[:8]}.zip")


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = CONTENT_POLICY
    response["Cache-Control"] = "private, no-store"
    return response
