from __future__ import annotations

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "troth.channels.community"
    label = "community"

    def ready(self) -> None:
        from troth.channels.accounts.api import register_part  # noqa: PLC0415 - needs the apps
        from troth.channels.community import acts, mails  # noqa: F401, PLC0415 - registry
        from troth.channels.community.forum import moderating  # noqa: PLC0415 - needs the apps
        from troth.channels.community.listing import entries  # noqa: PLC0415 - needs the apps
        from troth.channels.community.stories import telling  # noqa: PLC0415 - needs the apps
        from troth.core.choices.deciding import on_choice  # noqa: PLC0415

        mails.register()
        moderating.register()
        on_choice(entries.heard)
        on_choice(telling.heard)
        register_part("community:own", "Forum", where=has_forum)


def has_forum() -> bool:
    """Whether there is anything in the forum to have an account's page for."""
    from troth.channels.community.clauses import POST, place  # noqa: PLC0415 - needs the apps

    return place(POST) is not None
