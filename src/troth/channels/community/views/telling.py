"""Stories for those who write them down."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth.channels.community import pictures, reaching
from troth.channels.community.clauses import STORY, CommunityMissing, needed
from troth.channels.community.forms import StoryForm
from troth.channels.community.models import Story
from troth.channels.community.pages import parts
from troth.channels.community.stories import telling
from troth.channels.community.uploads import takes_picture
from troth.core.errors import Denied, Invalid, Refusal

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_safe
def index(request: Any) -> HttpResponse:
    shows = {one.story.pk: one for one in telling.told()}
    rows = [(one, shows.get(one.pk)) for one in Story.objects.all()]
    context = {"rows": rows, "place": needed(STORY), "parts": parts("told-stories")}
    return render(request, "community/told_stories.html", context)


@never_cache
@takes_picture
@require_http_methods(METHODS)
def new(request: Any) -> HttpResponse:
    return _written(request, None)


@never_cache
@takes_picture
@require_http_methods(METHODS)
def retell(request: Any, ref: str) -> HttpResponse:
    """Other words for a story: the person is asked anew."""
    return _written(request, _one(ref))


@never_cache
@require_POST
def publish(request: Any, ref: str) -> HttpResponse:
    telling.publish(_one(ref), actor=request.actor)
    messages.success(request, "It is published.")
    return redirect("community:told-stories")


@never_cache
@require_POST
def unpublish(request: Any, ref: str) -> HttpResponse:
    telling.unpublish(_one(ref), actor=request.actor)
    return redirect("community:told-stories")


def _written(request: Any, story: Story | None) -> HttpResponse:
    where = needed(STORY)
    form = StoryForm(
        request.POST or None,
        request.FILES or None,
        asks=list(where.touchpoint.fields),
        fresh=story is None,
    )
    refusal: Refusal | None = None
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            person = (
                story.person if story else reaching.by_address(said["address"], actor=request.actor)
            )
            telling.write(
                actor=request.actor,
                person=person,
                words=form.told(),
                picture=pictures.taken(said["picture"]),
                story=story,
            )
        except (Denied, Invalid) as refused:
            refusal = refused
        else:
            messages.success(request, "The person it names is asked by mail now.")
            return redirect("community:told-stories")
    context = {"place": where, "form": form, "refusal": refusal, "story": story}
    status = refusal.status if refusal else 422 if form.is_bound else 200
    return render(request, "community/write_story.html", context, status=status)


def _one(ref: str) -> Story:
    found = Story.objects.filter(ref=ref).select_related("person__root").first()
    if found is None:
        raise CommunityMissing("There is no such story.")
    return found
