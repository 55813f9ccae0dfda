"""Behind the link in the mail: keep my data out of the transfer. Looking changes nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth.channels.cases import telling, wording
from troth.core.actors import Actor
from troth.core.cases import transferring
from troth.core.cases.api import Case, Concern, read
from troth.kit import links


@csrf_exempt  # the address is the credential: there is nothing another site could misuse
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, token: str) -> HttpResponse:
    ref = links.read(token, telling.LINK, telling.LIFE)
    concern = Concern.objects.filter(ref=ref).select_related("case", "person__root").first()
    if concern is None:
        raise links.LinkInvalid
    person = concern.person.root
    if request.method == "POST":
        actor = Actor("person", person.ref, person_id=person.pk)
        transferring.objected(concern, actor=actor)
        return redirect(request.path)
    case: Case = concern.case
    context = {
        "concern": concern,
        "case": case,
        "acquirer": read(case, actor=telling.WORKER).get("acquirer", ""),
        "data": [wording.data(one) for one in case.categories],
        "gone": concern.state == Concern.State.GIVEN or case.given_at is not None,
        "over": case.ended,
    }
    response = render(request, "casework/object.html", context)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
