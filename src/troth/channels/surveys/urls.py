from __future__ import annotations

from django.urls import path

from troth.channels.surveys.views import console, public

app_name = "surveys"
urlpatterns = [
    path("surveys/", public.index, name="index"),
    path("surveys/<str:ref>", public.survey, name="survey"),
    path("surveys/<str:ref>/entered", public.entered, name="entered"),
    path("surveys/<str:ref>/draw.json", public.draw, name="draw"),
    path("console/surveys/", console.index, name="list"),
    path("console/surveys/new/survey", console.new, {"kind": "survey"}, name="new"),
    path("console/surveys/new/contest", console.new, {"kind": "contest"}, name="new-contest"),
    path("console/surveys/<str:ref>", console.one, name="one"),
    path("console/surveys/<str:ref>/edit", console.edit, name="edit"),
    path("console/surveys/<str:ref>/move", console.move, name="move"),
    path("console/surveys/<str:ref>/put-off", console.put_off, name="put-off"),
    path("console/surveys/<str:ref>/questions/<int:number>/remove", console.unask, name="unask"),
    path("console/surveys/<str:ref>/results", console.shown, name="results"),
    path("console/surveys/<str:ref>/export", console.export, name="export"),
]
