from __future__ import annotations

from troth.kit.permissions import PUBLIC

PERMISSIONS: dict[str, str] = {
    # Calls of the widget carry the secret of their chat, which their views compare.
    **{
        f"conversations:{name}": PUBLIC
        for name in (
            *("widget", "chat-now", "chat-open", "chat-offline", "chat-file", "chat-state"),
            *("chat-pre-chat", "chat-end", "chat-rating", "chat-transcript", "chat-secure"),
            *("chat-files", "desk-script"),
        )
    },
    "conversations:rate": PUBLIC,  # its link is signed
    "conversations:file": "inbox.read",
    "conversations:live-ticket": "inbox.read",
    **dict.fromkeys(
        (
            *("conversations:inbox", "conversations:bulk", "conversations:view-save"),
            *("conversations:view-remove", "conversations:presence", "conversations:new"),
            *("conversations:conversation", "conversations:write", "conversations:change"),
            *("conversations:merge", "conversations:split", "conversations:secure"),
            *("conversations:grant", "conversations:held", "conversations:task-done"),
            "conversations:copy",
            "conversations:raw",  # which mail is for whom, its view knows,
        ),
        "inbox.read",
    ),
    **dict.fromkeys(
        (
            *("conversations:settings", "conversations:queues", "conversations:queue-new"),
            *("conversations:queue", "conversations:canned", "conversations:canned-new"),
            *("conversations:canned-reply", "conversations:tags"),
            *("conversations:quarantine", "conversations:stuck"),
        ),
        "desk.manage",
    ),
    "conversations:grants": "grants.give",
}
