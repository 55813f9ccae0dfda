from __future__ import annotations

from django.urls import path

from troth.channels.campaigns.endpoints import urls as endpoints
from troth.channels.campaigns.views import (
    archive,
    listing,
    lists,
    moderating,
    sending,
    settings,
    showing,
    templates,
    writing,
)

app_name = "campaigns"
urlpatterns = [
    *endpoints.urlpatterns,
    path("news/", archive.index, name="archive"),
    path("news/feed.xml", archive.feed, name="feed"),
    path("news/<slug:ref>", archive.letter, name="archived"),
    path("console/campaigns/", listing.index, name="index"),
    path("console/campaigns/new", writing.new, name="new"),
    path("console/campaigns/notices/new", writing.notice, name="notice"),
    path("console/campaigns/templates", templates.index, name="templates"),
    path("console/campaigns/templates/new", templates.new, name="template-new"),
    path("console/campaigns/templates/<slug:ref>", templates.edit, name="template"),
    path("console/campaigns/preview", writing.preview, name="preview"),
    path("console/campaigns/waiting", moderating.queue, name="queue"),
    path("console/campaigns/waiting/<slug:ref>", moderating.reading, name="reading"),
    path("console/campaigns/settings", settings.settings, name="settings"),
    path("console/campaigns/lists", lists.lists, name="lists"),
    path("console/campaigns/<slug:ref>", showing.campaign, name="campaign"),
    path("console/campaigns/<slug:ref>/edit", writing.edit, name="edit"),
    path("console/campaigns/<slug:ref>/audience", showing.audience, name="audience"),
    path("console/campaigns/<slug:ref>/send", sending.send, name="send"),
    path("console/campaigns/<slug:ref>/test", sending.test, name="test"),
    path("console/campaigns/<slug:ref>/step", sending.step, name="step"),
    path("console/campaigns/<slug:ref>/report", showing.report, name="report"),
    path("console/campaigns/<slug:ref>/failures", showing.failures, name="failures"),
]
