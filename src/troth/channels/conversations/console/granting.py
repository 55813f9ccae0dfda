"""Grants: being let read a conversation that is somebody else's, on a ground and for a while."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from troth.channels.conversations import queries
from troth.channels.conversations.actions import asking
from troth.channels.conversations.console import wording
from troth.channels.conversations.console.asked import asked_for
from troth.channels.conversations.console.desk import places
from troth.channels.conversations.console.inbox import around, member
from troth.channels.conversations.console.listing import colleagues
from troth.channels.conversations.console.showing import about
from troth.channels.conversations.console.writing import found_url
from troth.channels.conversations.models import Conversation
from troth.core import clock
from troth.core.errors import Missing, Refusal
from troth.core.staff import grants as giving
from troth.core.staff.models import Grant, Membership, Role

GIVE: Final = str(Role.Ability.GRANTS_GIVE)
HOURS: Final = {"2": "2 hours", "8": "8 hours", "24": "a day", "168": "a week"}
PAGE: Final = 30


class GrantForm(forms.Form):
    """Whom to let read, why, and how long."""

    member = forms.ChoiceField(label="Who")
    ground = forms.ChoiceField(label="Ground", widget=forms.RadioSelect)
    hours = forms.ChoiceField(label="For", choices=list(HOURS.items()))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = people  # type: ignore[attr-defined]
        self.fields["ground"].choices = list(giving.grounds().items())  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: Any, ref: str) -> HttpResponse:
    """Give a grant, or see whom to ask for one."""
    found = queries.by_ref(ref)
    gives = GIVE in request.actor.abilities
    if request.method == "POST" and not gives:
        asking.ask_to_read(found, actor=request.actor, ground=request.POST.get("ground", ""))
        messages.success(request, "You have asked. Whoever gives grants sees it on their home.")
        return redirect("conversations:grant", ref=ref)
    mine = request.member.ref if giving.others_give(request.actor) else ""
    people = [(one.ref, one.label) for one in colleagues(request) if one.ref != mine]
    asked = {key: request.GET[key] for key in ("member", "ground") if key in request.GET}
    data = request.POST if request.method == "POST" else None
    form = GrantForm(data, initial=asked or {"hours": "8"}, people=people)
    context: dict[str, Any] = {"form": form, "gives": gives}
    status = 200
    if form.is_bound and form.is_valid():
        try:
            _give(request, found, form.cleaned_data)
        except Refusal as refusal:
            context["refused"], status = refusal, refusal.status
        else:
            messages.success(request, "The grant is given. The person sees it in their timeline.")
            return redirect(found_url(request, found))
    elif form.is_bound:
        status = 422
    if not gives:
        context |= {"ask": _who_gives(request), "grounds": list(giving.grounds().items())}
    names = wording.members()
    context["asks"] = [
        {
            "who": names.get(one.member, "former staff"),
            "why": giving.words(one.ground),
            "query": urlencode({"member": one.member, "ground": one.ground}),
            "mine": one.member == request.member.ref,
        }
        for one in asked_for(found.pk)
    ]
    context |= {"in_force": _named(giving.in_force([found.pk]), request)}
    context = around(request) | about(request, found) | context
    return render(request, "conversations/grant.html", context, status=status)


def _give(request: Any, found: Conversation, given: dict[str, str]) -> None:
    giving.give(
        actor=request.actor,
        member=member(given["member"]),
        record=found.pk,
        subject=found.person.ref,
        ground=given["ground"],
        hours=int(given["hours"]),
    )


def _who_gives(request: Any) -> list[str]:
    """Labels of those who may give a grant."""
    found = Membership.objects.select_related("role").exclude(undertaking_at=None)
    return [
        wording.member_label(one, request.member.ref) for one in found if GIVE in one.role.abilities
    ]


def _named(found: Any, request: Any) -> list[Any]:
    names, now = wording.members(), clock.now()
    rows = list(found)
    for row in rows:
        row.who = names.get(row.member.ref, "former staff")
        row.giver = names.get(row.given_by, "former staff")
        row.why = giving.words(row.ground)
        row.holds = row.ended_at is None and row.expires_at > now
        row.mine = row.member_id == request.member.pk
    return rows


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def grants(request: Any) -> HttpResponse:
    """All grants there ever were, for those who give them; a POST ends one."""
    if request.method == "POST":
        one = Grant.objects.filter(ref=request.POST.get("grant", "")).first()
        if one is None:
            raise Missing("There is no such grant.", do="Look at the list again.")
        about_it = Conversation.objects.filter(pk=one.record).select_related("person").first()
        giving.end(one, actor=request.actor, subject=about_it.person.ref if about_it else "")
        messages.success(request, "The grant is ended. Nothing opens under it any more.")
        return redirect("conversations:grants")
    page = Paginator(giving.every(), PAGE).get_page(request.GET.get("page"))
    rows = _named(page.object_list, request)
    found = Conversation.objects.in_bulk([row.record for row in rows])
    for row in rows:
        row.about = found.get(row.record)
    context = {"rows": rows, "page": page, "places": places(request, "grants")}
    return render(request, "conversations/settings/grants.html", context)
