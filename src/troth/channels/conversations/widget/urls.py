"""Calls of the script, at the root of an organisation's site; and files, for staff too."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from troth.channels.conversations.widget import files, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("chat/widget.js", views.script, name="widget"),
    path("chat/now", views.now, name="chat-now"),
    path("chat/open", views.open_chat, name="chat-open"),
    path("chat/offline", views.offline, name="chat-offline"),
    path("chat/files/<slug:file>", files.of_visitor, name="chat-file"),
    path("chat/<slug:ref>/state", views.state, name="chat-state"),
    path("chat/<slug:ref>/pre-chat", views.pre_chat, name="chat-pre-chat"),
    path("chat/<slug:ref>/end", views.end, name="chat-end"),
    path("chat/<slug:ref>/rating", views.rating, name="chat-rating"),
    path("chat/<slug:ref>/transcript", views.copy, name="chat-transcript"),
    path("chat/<slug:ref>/secure/<slug:form>", views.secure, name="chat-secure"),
    path("chat/<slug:ref>/files", files.send, name="chat-files"),
    path("chat/desk.js", views.desk_script, name="desk-script"),
    path("console/conversations/files/<slug:file>", files.of_staff, name="file"),
]
