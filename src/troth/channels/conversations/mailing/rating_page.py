"""The page behind the question how it went: plain, without a log-in, for whoever got the mail."""

from __future__ import annotations

from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth.channels.conversations import actions
from troth.channels.conversations.actions.coming_back import BEST, may_rate
from troth.channels.conversations.mailing.rating import KIND, LIFE
from troth.channels.conversations.models import Conversation
from troth.core.actors import Actor
from troth.kit import links
from troth.kit.throttle.counting import throttle

WORDS: Final = {5: "Very well", 4: "Well", 3: "All right", 2: "Badly", 1: "Very badly"}
PER_HOUR: Final = 10


class RatingForm(forms.Form):
    """Five choices, none of them made beforehand."""

    rating = forms.TypedChoiceField(
        label="How did it go?",
        choices=list(WORDS.items()),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the five.", "invalid_choice": "Choose one."},
    )


@csrf_exempt  # the address is the credential, and no cookie is looked at
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing; sending one of the five says how it went, or says it anew."""
    found = _found(token)
    given = request.POST if request.method == "POST" else None
    form = RatingForm(given, initial={"rating": found.rating})
    if given is not None and form.is_valid():
        throttle("conversations.rate", found.ref, limit=PER_HOUR, seconds=3600)
        # Whoever holds the link got it by a mail to the person's address.
        actor = Actor("person", found.person.ref, person_id=found.person_id)
        actions.rate(found, actor=actor, rating=form.cleaned_data["rating"])
        answer: HttpResponse = redirect(request.path)
    else:
        context = {
            "form": form,
            "number": found.number,
            "said": f"{found.rating} of {BEST}, {WORDS[found.rating].lower()}"
            if found.rating
            else "",
            "open": may_rate(found),
        }
        status = 422 if form.is_bound else 200
        answer = render(request, "conversations/rating.html", context, status=status)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _found(token: str) -> Conversation:
    """Raises `LinkInvalid`, also for a conversation that is gone."""
    rows = Conversation.objects.select_related("person")
    found = rows.filter(ref=links.read(token, KIND, LIFE)).first()
    if found is None:
        raise links.LinkInvalid
    return found
