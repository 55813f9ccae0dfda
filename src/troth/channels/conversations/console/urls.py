from __future__ import annotations

from django.urls import path

from troth.channels.conversations.console import (
    changing,
    copying,
    desk,
    entering,
    granting,
    holding,
    inbox,
    joining,
    presence,
    queues,
    showing,
    writing,
)

HERE = "console/conversations/"

urlpatterns = [
    path(HERE, inbox.index, name="inbox"),
    path(f"{HERE}bulk", inbox.bulk, name="bulk"),
    path(f"{HERE}views", inbox.save_view, name="view-save"),
    path(f"{HERE}views/<slug:ref>/remove", inbox.remove_view, name="view-remove"),
    path(f"{HERE}presence", presence.presence, name="presence"),
    path(f"{HERE}new/<slug:way>", entering.new, name="new"),
    path(f"{HERE}quarantine", holding.quarantine, name="quarantine"),
    path(f"{HERE}quarantine/<slug:ref>", holding.stuck, name="stuck"),
    path(f"{HERE}quarantine/<slug:ref>/mail.eml", holding.raw, name="raw"),
    path(f"{HERE}grants", granting.grants, name="grants"),
    path(f"{HERE}settings", desk.settings, name="settings"),
    path(f"{HERE}settings/queues", queues.queues, name="queues"),
    path(f"{HERE}settings/queues/new", queues.queue, name="queue-new"),
    path(f"{HERE}settings/queues/<slug:ref>", queues.queue, name="queue"),
    path(f"{HERE}settings/canned", desk.canned, name="canned"),
    path(f"{HERE}settings/canned/new", desk.canned_reply, name="canned-new"),
    path(f"{HERE}settings/canned/<uuid:pk>", desk.canned_reply, name="canned-reply"),
    path(f"{HERE}settings/tags", desk.tags, name="tags"),
    path(f"{HERE}tasks/<uuid:pk>/done", changing.task_done, name="task-done"),
    path(f"{HERE}<slug:ref>", showing.conversation, name="conversation"),
    path(f"{HERE}<slug:ref>/write", writing.write, name="write"),
    path(f"{HERE}<slug:ref>/change", changing.change, name="change"),
    path(f"{HERE}<slug:ref>/merge", joining.merge, name="merge"),
    path(f"{HERE}<slug:ref>/split/<uuid:message>", joining.split, name="split"),
    path(f"{HERE}<slug:ref>/secure", writing.secure, name="secure"),
    path(f"{HERE}<slug:ref>/grant", granting.grant, name="grant"),
    path(f"{HERE}<slug:ref>/copy", copying.copy, name="copy"),
    path(f"{HERE}<slug:ref>/held/<uuid:pk>", holding.held, name="held"),
]
