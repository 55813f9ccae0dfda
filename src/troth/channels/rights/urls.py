from __future__ import annotations

from django.urls import path

from troth.channels.rights.views import handling, links, own, queue, site

app_name = "requests"
urlpatterns = [
    path("rights/", site.index, name="index"),
    path("rights/sent", site.sent, name="sent"),
    path("rights/ask/<slug:kind>", site.ask, name="ask"),
    path("rights/confirm/<str:token>", links.prove, name="prove"),
    path("rights/verify/<str:token>", links.verify, name="verify"),
    path("rights/request/<str:token>", links.mine, name="mine"),
    path("rights/package/<str:token>", links.package, name="package"),
    path("rights/link/<str:token>", links.by_link, name="by-link"),
    path("rights/recipient/<str:token>", links.answer, name="answer"),
    path("account/requests/", own.index, name="own"),
    path("account/requests/new/<slug:kind>", own.ask, name="own-ask"),
    path("account/requests/<slug:ref>", own.request, name="own-request"),
    path("console/requests/", queue.index, name="queue"),
    path("console/requests/new", handling.enter, name="enter"),
    path("console/requests/<slug:ref>", queue.request, name="request"),
    path("console/requests/<slug:ref>/do", handling.do, name="do"),
]
