from __future__ import annotations

from troth.kit.permissions import PUBLIC

PERMISSIONS: dict[str, str] = {
    # Calls of the widget carry the secret of their chat, which their views compare.
    **{
        f"conversations:{name}": PUBLIC
        for name in (
            *("widget", "chat-now", "chat-open", "chat-offline", "chat-file", "chat-state"),
            *("chat-pre-chat", "chat-end", "chat-rating", "chat-transcript", "chat-secure"),
            "chat-files",
        )
    },
    "conversations:file": "inbox.read",
    "conversations:live-ticket": "inbox.read",
}
