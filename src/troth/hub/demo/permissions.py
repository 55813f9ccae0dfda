"""The pages answer 404 on an installation that is not a demo."""

from __future__ import annotations

from troth.kit.permissions import PUBLIC

PERMISSIONS = {
    f"demo:{name}": PUBLIC
    for name in ("mailbox", "message", "message-html", "message-source", "attachment")
}
