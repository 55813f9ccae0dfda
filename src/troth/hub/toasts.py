"""Messages for the next page wait in the session, and in no cookie of their own; a page that does
not look at the session is not made to by asking whether one waits.
"""

from __future__ import annotations

from typing import Any

from django.contrib.messages.storage.session import SessionStorage


class QuietStorage(SessionStorage):
    """Django's, where the session was opened for something else already."""

    def _get(self, *arguments: Any, **options: Any) -> Any:
        if not self.request.session.accessed:
            return [], True
        return super()._get(*arguments, **options)  # type: ignore[misc]

    def _store(self, messages: Any, response: Any, *arguments: Any, **options: Any) -> Any:
        if not messages and not self.request.session.accessed:
            return []
        return super()._store(messages, response, *arguments, **options)  # type: ignore[misc]
