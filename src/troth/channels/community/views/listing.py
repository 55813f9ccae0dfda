"""The list of customers for those who keep it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from troth.channels.community import pictures, reaching
from troth.channels.community.clauses import LIST, CommunityMissing, needed
from troth.channels.community.forms import EntryForm
from troth.channels.community.listing import entries
from troth.channels.community.models import Entry
from troth.channels.community.pages import parts
from troth.channels.community.uploads import takes_picture
from troth.core.errors import Denied, Invalid, Refusal


@never_cache
@takes_picture
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Any) -> HttpResponse:
    """Who is in it and who was told; one more is entered here."""
    where = needed(LIST)
    form = EntryForm(request.POST or None, request.FILES or None)
    refusal: Refusal | None = None
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            entries.enter(
                actor=request.actor,
                person=reaching.by_address(said["address"], actor=request.actor),
                name=said["company"],
                website=said["website"],
                logo=pictures.taken(said["logo"]),
            )
        except (Denied, Invalid) as refused:
            refusal = refused
        else:
            messages.success(request, "Entered. The person behind it is told by mail now.")
            return redirect("community:entries")
    shows = {one.entry.pk: one for one in entries.listed()}
    rows = [(one, shows.get(one.pk), entries.opens_on(one)) for one in Entry.objects.all()]
    context = {"place": where, "rows": rows, "form": form, "refusal": refusal}
    context["parts"] = parts("entries")
    status = refusal.status if refusal else 422 if form.is_bound else 200
    return render(request, "community/entries.html", context, status=status)


@never_cache
@require_POST
def take_off(request: Any, ref: str) -> HttpResponse:
    found = Entry.objects.filter(ref=ref).select_related("person").first()
    if found is None:
        raise CommunityMissing("It is off the list already.")
    entries.take_off(found, actor=request.actor)
    return redirect("community:entries")
