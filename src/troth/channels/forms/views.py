from __future__ import annotations

from datetime import timedelta

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from troth.channels.forms import actions, asking, queries, signing_up
from troth.channels.forms.pace import pace
from troth.channels.forms.pages import Page
from troth.core.actors import Actor
from troth.core.notices.versions import current
from troth.kit import links

LINK_LIFE = timedelta(hours=24)
CONFIRM_LIFE = timedelta(days=14)


def _serve(request: HttpRequest, name: str, *, embedded: bool) -> HttpResponse:
    page = Page.of(request, f"forms.{name}", embedded=embedded)
    if request.method == "POST":
        pace(request)
        return page.receive(request)
    return page.show(request, page.form())


# The nonce of the page takes the place of the CSRF cookie: see nonces.py.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, name: str) -> HttpResponse:
    return _serve(request, name, embedded=False)


@csrf_exempt
@never_cache
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type] # its stub knows no arguments
@require_http_methods(["GET", "HEAD", "POST"])
def embed(request: HttpRequest, name: str) -> HttpResponse:
    return _serve(request, name, embedded=True)


@never_cache
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type] # its stub knows no arguments
@require_GET
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    submission = queries.by_ref(links.read(token, "forms.thanks", LINK_LIFE))
    embedded = request.GET.get("embedded") == "1"
    context = {
        "submission": submission,
        "token": token,
        "touchpoint": current().rules.touchpoints.get(submission.touchpoint),
        "purposes": queries.purposes(submission),
        "appointment": getattr(submission, "appointment", None),
        "case": getattr(submission, "case", None),
        "shell": "kit/embed.html" if embedded else "kit/public.html",
    }
    answer = render(request, "forms/thanks.html", context)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@csrf_exempt  # the address is the credential, and it is not in a cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Say the yes of a form, from the mail. Looking changes nothing: link scanners look too."""
    submission = queries.by_ref(links.read(token, "forms.confirm", CONFIRM_LIFE))
    if request.method == "POST":
        person = submission.person.root
        actions.confirm(submission, actor=Actor("person", person.ref, person_id=person.pk))
    context = {
        "wishes": queries.wishes(submission),
        "done": request.method == "POST",
        "preferences": links.sign("preferences", submission.person.ref),
    }
    answer = render(request, "forms/confirm.html", context)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@never_cache
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@require_GET
def asked(request: HttpRequest) -> HttpResponse:
    embedded = request.GET.get("embedded") == "1"
    shell = "kit/embed.html" if embedded else "kit/public.html"
    return render(request, "forms/asked.html", {"shell": shell, "days": signing_up.LIFE.days})


@csrf_exempt  # the address is the credential, and it is not in a cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a sign-up, from the mail. Looking changes nothing: link scanners look too."""
    found = queries.sign_up_by_ref(links.read(token, asking.LINK, signing_up.LIFE))
    published = current()
    outdated = request.method == "POST" and request.POST.get("version") != published.version
    context: dict[str, object] = {"outdated": outdated, "version": published.version}
    if request.method == "POST" and not outdated:
        submission = signing_up.confirm(found, objects=getattr(request, "gpc", False))
        context |= {"done": True, "preferences": links.sign("preferences", submission.person.ref)}
    else:
        purposes = published.rules.purposes
        context["wishes"] = [purposes[key] for key in found.wishes if key in purposes]
        context["touchpoint"] = published.rules.touchpoints.get(found.touchpoint)
    answer = render(request, "forms/sign_up.html", context, status=409 if outdated else 200)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@never_cache
@require_GET
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    pace(request, "receipts")
    submission = queries.by_ref(links.read(token, "forms.thanks", LINK_LIFE))
    answer = JsonResponse(queries.receipt(submission), json_dumps_params={"indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="receipt-{submission.ref[:8]}.json"'
    return answer


@require_GET
def script(request: HttpRequest) -> HttpResponse:
    return render(request, "forms/embed.js", content_type="text/javascript; charset=utf-8")
