from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class CookiesConfig(AppConfig):
    name = "troth.channels.cookies"
    label = "cookies"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415 - needs the apps

        user_logged_in.connect(_logged_in, dispatch_uid="troth.cookies")


def _logged_in(*, request: Any, user: Any, **_: Any) -> None:
    from troth.channels.cookies.choosing import meet  # noqa: PLC0415

    if hasattr(request, "organisation"):
        meet(request, user.person.root)
