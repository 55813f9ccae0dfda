from __future__ import annotations

from django.urls import path

from troth.hub.assessing import views

app_name = "assessing"
urlpatterns = [
    path("console/assessments/", views.index, name="index"),
    path("console/assessments/<slug:ref>", views.one, name="one"),
    path("console/assessments/<slug:ref>/report.html", views.report, name="report"),
    path("console/assessments/<slug:ref>/assessment.json", views.document, name="document"),
]
