"""The kinds of mail there are, registered by the part that sends them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from troth.core.errors import Missing

if TYPE_CHECKING:
    from troth.kit.outbox.models import Message

Context = Callable[["Message"], dict[str, Any]]
Attachments = Callable[["Message"], list[Any] | None]
Accepted = Callable[["Message"], None]


class MailKindMissing(Missing):
    """A mail of a kind that no part has registered."""

    status = 500


@dataclass(frozen=True, slots=True)
class MailKind:
    """`template` is Markdown whose first line is ``Subject: …``; `context` fills it when it is
    sent, inside the open use; one-time links are made there and are stored nowhere. `accepted` is
    called in the transaction that notes that the receiving side took it, `returned` in the one that
    notes that it was refused, at once or after it had been taken: it undoes what `accepted` did.
    """

    kind: str
    template: str
    context: Context
    attachments: Attachments | None = None
    accepted: Accepted | None = None
    returned: Accepted | None = None


_kinds: Final[dict[str, MailKind]] = {}


def register_mail(
    *,
    kind: str,
    template: str,
    context: Context,
    attachments: Attachments | None = None,
    accepted: Accepted | None = None,
    returned: Accepted | None = None,
) -> None:
    """Register a kind of mail, in the `ready()` of the app that sends it."""
    _kinds[kind] = MailKind(kind, template, context, attachments, accepted, returned)


def mail_kind(kind: str) -> MailKind:
    """The registered kind. Raises `MailKindMissing`."""
    if kind not in _kinds:
        raise MailKindMissing(
            f"No part has registered mail of the kind {kind}.",
            do="Call register_mail(…) in the AppConfig.ready() of the part that sends it.",
        )
    return _kinds[kind]
