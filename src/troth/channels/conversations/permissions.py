from __future__ import annotations

PERMISSIONS: dict[str, str] = {
    "conversations:live-ticket": "inbox.read",
}
