"""Stories for everybody; and for the person a story names, the very words before they appear."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.community.clauses import STORY, CommunityMissing, needed
from troth.channels.community.mails import ANSWER, LIFE
from troth.channels.community.models import Story
from troth.channels.community.stories import telling
from troth.channels.community.views.customers import drawn, unlisted
from troth.core.actors import Actor
from troth.kit import links


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    context = {"place": needed(STORY), "stories": telling.told()}
    return render(request, "community/stories.html", context)


@never_cache
@require_safe
def story(request: HttpRequest, ref: str) -> HttpResponse:
    context = {"place": needed(STORY), "told": telling.one(ref)}
    return render(request, "community/story.html", context)


@never_cache
@require_safe
def picture(_request: HttpRequest, ref: str) -> HttpResponse:
    found = telling.one(ref)
    if not found.picture:
        raise CommunityMissing("There is no such picture.")
    return drawn(found.picture)


@csrf_exempt  # the address is the credential: there is nothing another site could misuse
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The story as it would appear, and yes or no. Looking changes nothing."""
    found = _asked(token)
    actor = _whoever(found)
    if request.method == "POST":
        if request.POST.get("do") == "agree":
            telling.agree(found, actor=actor, text=_uuid(request.POST.get("text", "")))
        else:
            telling.refuse(found, actor=actor)
        return redirect(request.path)
    told = telling.own(found, actor=actor) if found.ended_at is None else None
    context = {"story": found, "told": told, "place": needed(STORY), "token": token}
    return unlisted(render(request, "community/answer.html", context))


@never_cache
@require_safe
def answer_picture(_request: HttpRequest, token: str) -> HttpResponse:
    found = _asked(token)
    told = telling.own(found, actor=_whoever(found))
    if not told.picture:
        raise CommunityMissing("There is no such picture.")
    return unlisted(drawn(told.picture))


def _asked(token: str) -> Story:
    ref = links.read(token, ANSWER, LIFE)
    found = Story.objects.filter(ref=ref).select_related("person__root").first()
    if found is None:
        raise links.LinkInvalid
    return found


def _whoever(found: Story) -> Actor:
    person = found.person.root
    return Actor("person", person.ref, person_id=person.pk)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
