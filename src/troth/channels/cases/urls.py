from __future__ import annotations

from django.urls import path

from troth.channels.cases.views import doing, drafting, files, moderating, objecting, queue

app_name = "casework"
urlpatterns = [
    path("console/cases/", queue.index, name="index"),
    path("console/cases/new", drafting.choose, name="choose"),
    path("console/cases/new/<str:clause>", drafting.new, name="new"),
    path("console/cases/report/<str:about>", moderating.report, name="report"),
    path("console/cases/<slug:ref>", queue.case, name="case"),
    path("console/cases/<slug:ref>/do", doing.do, name="do"),
    path("console/cases/<slug:ref>/people", doing.people, name="people"),
    path("console/cases/<slug:ref>/documents", files.upload, name="upload"),
    path("console/cases/<slug:ref>/documents/<uuid:pk>", files.document, name="document"),
    path("console/cases/<slug:ref>/bundle", files.bundle, name="bundle"),
    path("console/cases/<slug:ref>/export", files.export, name="export"),
    path("cases/answer/<str:token>", moderating.answer, name="answer"),
    path("cases/object/<str:token>", objecting.object_to, name="object"),
]
