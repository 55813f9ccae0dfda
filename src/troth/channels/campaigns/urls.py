from __future__ import annotations

from django.urls import path

from troth.channels.campaigns.endpoints import urls as endpoints
from troth.channels.campaigns.views import archive

app_name = "campaigns"
urlpatterns = [
    *endpoints.urlpatterns,
    path("news/", archive.index, name="archive"),
    path("news/feed.xml", archive.feed, name="feed"),
    path("news/<slug:ref>", archive.letter, name="archived"),
]
