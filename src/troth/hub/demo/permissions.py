"""The pages answer 404 on an installation that is not a demo."""

from __future__ import annotations

from troth.kit.permissions import PUBLIC

_MAILBOX = ("mailbox", "message", "message-html", "message-source", "attachment")
PERMISSIONS = {
    **{f"demo:{name}": PUBLIC for name in _MAILBOX},
    **{f"holding:{name}": PUBLIC for name in ("index", "try", "progress")},
}
