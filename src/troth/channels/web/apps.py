from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "troth.channels.web"
    label = "web"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in, user_logged_out  # noqa: PLC0415

        from troth.channels.web import acts, joining  # noqa: F401, PLC0415 - acts registers them
        from troth.core.gate.collecting import on_identified  # noqa: PLC0415
        from troth.core.retention.api import came_in, expires  # noqa: PLC0415

        user_logged_in.connect(joining.on_login, dispatch_uid="troth.web")
        user_logged_out.connect(joining.on_logout, dispatch_uid="troth.web")
        on_identified(joining.on_identified)
        came_in("web.Event", "touchpoint")
        expires("web.Seen", "at the end of the day or month it is of, with its key")
        expires("web.Visitor", "when they have not come for longer than their cookie lasts")
        expires("web.Lately", "an hour after its minute")
