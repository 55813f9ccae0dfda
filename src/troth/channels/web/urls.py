from __future__ import annotations

from django.urls import path

from troth.channels.web.views import figures, looking, reporting, sites

app_name = "web"
urlpatterns = [
    path("web/count.js", reporting.script, name="script"),
    path("web/report", reporting.report, name="report"),
    path("web/pixel.gif", reporting.pixel, name="pixel"),
    path("console/web/", looking.overview, name="overview"),
    path("console/web/now", looking.now, name="now"),
    path("console/web/trends", looking.trends, name="trends"),
    path("console/web/figures", figures.figures, name="figures"),
    path("console/web/sites", sites.sites, name="sites"),
]
