"""“Your rights”: which there are, and a form for each."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.rights.forms import AskForm
from troth.channels.rights.offered import Offered, offered
from troth.channels.rights.receiving import receive
from troth.core.actors import Actor
from troth.core.errors import Missing
from troth.kit.throttle.counting import caller_of, throttle
from troth.kit.throttle.patience import same_time

PER_ADDRESS: Final = 3
View = Callable[..., HttpResponse]


def unlisted(view: View) -> View:
    """For pages whose address is a secret: no referrer, no index, no copy, and no cookie. The
    address is the credential, so there is nothing another site could misuse.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return csrf_exempt(never_cache(answer))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "requests/index.html", {"offered": offered()})


@csrf_exempt  # it sends one mail to an address, for whoever asks; no cookie is looked at
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, kind: str) -> HttpResponse:
    """A form for one right. What was asked for waits until the link in the mail is opened; the
    answer here is the same whoever asks, for nobody is looked up before that.
    """
    right = the_right(kind)
    form = AskForm(kind, request.POST or None)
    if request.method == "POST" and not request.POST.get("homepage") and form.is_valid():
        address = form.cleaned_data["email"]
        limit = int(settings.HOME.option("links_per_hour", "10"))
        throttle("requests", caller_of(request), limit=limit, seconds=3600)
        throttle("requests.address", address.lower(), limit=PER_ADDRESS, seconds=3600)
        with same_time():
            receive(kind, actor=Actor.visitor(), way="form", content=form.content())
        return redirect("requests:sent")
    context = {"form": form, "right": right, "honeypot": "homepage"}
    return render(request, "requests/ask.html", context, status=422 if form.is_bound else 200)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "requests/sent.html")


def the_right(kind: str) -> Offered:
    """The right of that kind. Raises `Missing` where the policy in force gives none."""
    for one in offered():
        if one.kind == kind:
            return one
    raise Missing("The policy gives no such right.", do="Choose one of those it gives.")
