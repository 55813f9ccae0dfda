from __future__ import annotations

from django.urls import path

from troth.channels.recipients import public, views

app_name = "recipients"
urlpatterns = [
    path("console/recipients/", views.index, name="index"),
    path("console/recipients/lists/<slug:ref>", views.handover, name="handover"),
    path("console/recipients/lists/<slug:ref>/list.csv", views.download, name="download"),
    path("console/recipients/lists/<slug:ref>/note.txt", views.note, name="note"),
    path("console/recipients/lists/<slug:ref>/send", views.send, name="send"),
    path("console/recipients/of/<slug:to>", views.one, name="one"),
    path("console/recipients/of/<slug:to>/list", views.new_list, name="new-list"),
    path("disclosures/<slug:to>/<slug:purpose>/<str:token>", public.choice, name="choice"),
    path("recipients/inability/<slug:to>/<str:token>", public.inability, name="inability"),
]
