from __future__ import annotations

from django.urls import path

from troth.channels.agents import endpoints, views

app_name = "agents"
urlpatterns = [
    path("v1/data-rights-request", endpoints.exercise, name="exercise"),
    path("v1/data-rights-request/", endpoints.exercise, name="exercise-slash"),
    path("v1/data-rights-request/<uuid:number>", endpoints.request, name="request"),
    path("v1/agent/<str:key>", endpoints.agent, name="agent"),
    path("console/agents/", views.index, name="index"),
    path("console/agents/new", views.new, name="new"),
    path("console/agents/calls/<uuid:exercise>", views.call_again, name="call-again"),
    path("console/agents/<slug:ref>", views.agent, name="one"),
]
