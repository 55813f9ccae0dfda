"""Pages behind links: to say yes or no to one recipient, and for a recipient to say that it can no
longer protect the data. Looking changes nothing: link scanners look too.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth.channels.recipients import mails
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.gate.manners import recipient
from troth.core.gate.permits import standing_of
from troth.core.notices.versions import current
from troth.core.recipients import binding
from troth.core.recipients.models import Foretold, Suspension
from troth.core.recipients.standing import suspension
from troth.kit.links import LinkInvalid

METHODS: Final = ["GET", "HEAD", "POST"]
ITSELF: Final = "recipient"


@csrf_exempt  # the address is the credential, and it is not in a cookie
@never_cache
@require_http_methods(METHODS)
def choice(request: HttpRequest, to: str, purpose: str, token: str) -> HttpResponse:
    """Who is to get what of mine, and a yes or no to it."""
    person = mails.person_of(token, to, purpose)
    facts = mails.facts(to, purpose)
    said = request.POST.get("say", "")
    if request.method == "POST" and said in ("yes", "no"):
        choose(
            person,
            actor=Actor("person", person.ref, person_id=person.pk),
            purpose=purpose,
            manner=recipient(to),
            yes=said == "yes",
            way="mail-link",
            wording=f"{facts['purpose'].label}: {facts['party'].name} may receive my data for it",
        )
        return redirect(request.path)
    stance = standing_of(person.root_id).stances.get((purpose, recipient(to)))
    told = Foretold.objects.filter(
        person__root_id=person.root_id, recipient=to, purpose=purpose
    ).first()
    context = facts | {
        "decision": stance.decision if stance else "",
        "told": told,
        "preferences": f"/preferences/{mails.preferences_token(person)}",
    }
    answer = render(request, "recipients/choice.html", context)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@csrf_exempt  # as above
@never_cache
@require_http_methods(METHODS)
def inability(request: HttpRequest, to: str, token: str) -> HttpResponse:
    """A recipient says of itself that it can no longer protect the data: it gets nothing more."""
    mails.is_its_own(token, to)
    party = current().rules.recipients.get(to)
    if party is None:
        raise LinkInvalid
    if request.method == "POST":
        ground = request.POST.get("ground", "")
        binding.suspend(
            actor=Actor.system(ITSELF), to=to, ground=ground, source=Suspension.Source.RECIPIENT
        )
        return redirect(request.path)
    context = {"party": party, "suspended": suspension(to), "grounds": Suspension.Ground.choices}
    answer = render(request, "recipients/inability.html", context)
    answer["Referrer-Policy"] = "no-referrer"
    return answer
