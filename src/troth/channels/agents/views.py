"""The console's pages of agents: who may ask for people, and what to send to the directory."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from troth.channels.agents import calling_back, entering
from troth.channels.agents.exercising import KINDS
from troth.channels.agents.forms import AgentForm, BusinessForm
from troth.channels.agents.models import Agent
from troth.channels.rights.api import may_ask, staff_path
from troth.core.errors import Missing
from troth.core.notices.versions import current
from troth.kit import links

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
def index(request: Any) -> HttpResponse:
    form = BusinessForm(request.POST or None, initial={"key": entering.business_key()})
    if request.method == "POST" and form.is_valid():
        entering.call_business(form.cleaned_data["key"], actor=request.actor)
        messages.success(request, "Saved. Tell the directory's operators of it.")
        return redirect("agents:index")
    context = {
        "agents": Agent.objects.filter(ended_at=None),
        "unheard": [(one, staff_path(one.request)) for one in calling_back.given_up()],
        "form": form,
        "entry": json.dumps(entry(request), indent=2),
    }
    status = 422 if form.is_bound else 200
    return render(request, "agents/index.html", context, status=status)


@require_POST
def call_again(request: Any, exercise: UUID) -> HttpResponse:
    calling_back.call_again(exercise, actor=request.actor)
    messages.success(request, "The agent is called again, beginning now.")
    return redirect("agents:index")


def entry(request: Any) -> dict[str, Any]:
    """The company as the network's directory lists it (section 3.05.2)."""
    contact = current().policy.company.privacy_contact
    return {
        "id": entering.business_key(),
        "name": request.organisation.name,
        "logo": None,
        "api_base": links.absolute(""),
        "supported_actions": [right for right, kind in KINDS.items() if may_ask(kind)],
        "supported_verifications": ["email"],
        "privacy_policy_url": links.absolute("/policy"),
        "web_url": links.absolute("/"),
        "technical_contact": contact,
        "business_contact": contact,
    }


@never_cache
@require_http_methods(METHODS)
def new(request: Any) -> HttpResponse:
    form = AgentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = entering.enter(actor=request.actor, **form.cleaned_data)
        messages.success(request, f"{made.name} may ask for people now.")
        return redirect("agents:index")
    status = 422 if form.is_bound else 200
    return render(request, "agents/agent.html", {"form": form}, status=status)


@never_cache
@require_http_methods(METHODS)
def agent(request: Any, ref: str) -> HttpResponse:
    found = Agent.objects.filter(ref=ref, ended_at=None).first()
    if found is None:
        raise Missing("There is no such agent.", do="Open one from the list.")
    if request.POST.get("do") == "end":
        entering.end(found, actor=request.actor)
        messages.success(request, f"{found.name} is shut out. Its requests go on.")
        return redirect("agents:index")
    fields = ("name", "verify_key", "web_url", "vouches")
    known = {name: getattr(found, name) for name in fields}
    form = AgentForm(request.POST or None, initial=known, known=True)
    if request.method == "POST" and form.is_valid():
        entering.change(found, actor=request.actor, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("agents:index")
    context = {"form": form, "agent": found, "count": found.exercises.count()}
    return render(request, "agents/agent.html", context, status=422 if form.is_bound else 200)
