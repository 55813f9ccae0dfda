"""Mail that could not be made into a message. It waits here, sealed, and blocks nothing."""

from __future__ import annotations

from collections.abc import Sequence

from troth.channels.conversations import reading
from troth.channels.conversations.attaching import api as attaching
from troth.channels.conversations.mailing import acts, incoming, raw
from troth.channels.conversations.models import RawMail
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied, Missing
from troth.core.staff.models import Role
from troth.kit.inbound.letter import read

ABILITY = Role.Ability.DESK_MANAGE


def listed() -> Sequence[RawMail]:
    """What is here, the newest first, without a word of it."""
    found = RawMail.objects.filter(state=RawMail.State.QUARANTINE).defer("content")
    return list(found.order_by("-came_at")[:200])


@action
def again(mail: RawMail, *, actor: Actor) -> None:
    """Try it once more, as if it had come now. What fails again is raised, and it stays."""
    _stuck(mail, actor)
    content = raw.read(mail, actor=actor)
    found = incoming.again(content)
    raw.destroy(mail)
    incoming.deal(found)
    acts.handled("tried", actor=actor)


@action
def drop(mail: RawMail, *, actor: Actor) -> None:
    """Destroy it."""
    _stuck(mail, actor)
    raw.destroy(mail)
    acts.handled("dropped", actor=actor)


def download(mail: RawMail, *, actor: Actor) -> bytes:
    """The mail as it came, for whoever finds out what is wrong with it, once it was scanned with
    the files in it. On the ledger. Raises `FileDenied`, `ScannerMissing`.

    One beside a message is open to whoever may read its conversation; one that is held is looked at
    and decided about where it is held.
    """
    _require(mail, actor=actor)
    content = raw.read(mail, actor=actor)
    try:
        attaching.refuse_infected(content, *_files(content))  # takes its time: in no transaction
    except Denied:
        _note("withheld", actor=actor)
        raise
    _note("downloaded", actor=actor)
    return content


@action
def _require(mail: RawMail, *, actor: Actor) -> None:
    if mail.state == RawMail.State.UNREADABLE and mail.message is not None:
        reading.require(mail.message.conversation, actor=actor)
    else:
        _stuck(mail, actor)


@action
def _note(did: str, *, actor: Actor) -> None:
    acts.handled(did, actor=actor)


def _files(content: bytes) -> list[bytes]:
    """The files in it, as far as it can be taken apart."""
    try:
        return [file.content for file in read(content).files]
    except Exception:  # noqa: BLE001 - what is here is what broke its reader, with whatever error
        return []


def _stuck(mail: RawMail, actor: Actor) -> None:
    actor.needs(ABILITY)
    if mail.state != RawMail.State.QUARANTINE:
        raise Missing("This mail is not in quarantine.", do="Decide about it where it is held.")
