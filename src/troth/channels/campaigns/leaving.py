"""Leaving a mailing: by the link, by one click of a mail program, or by a mail."""

from __future__ import annotations

from typing import Literal

from troth.channels.campaigns.models import Copy
from troth.channels.campaigns.purposes import is_notice
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.notices.versions import current

Way = Literal["one-click", "unsubscribe-link", "unsubscribe-mail", "complaint", "provider"]


@action
def leave(copy: Copy, *, way: Way) -> None:
    """The person says no to the purpose of the campaign; it holds before this returns.

    Copies of theirs that have not left are dropped when their turn comes. Safe to repeat.
    """
    person, purpose = copy.person.root, copy.campaign.purpose
    if purpose not in current().rules.purposes:
        return  # the policy no longer has it, so nobody is mailed for it
    if is_notice(copy.campaign.kind, purpose):
        return  # it has no way out; whoever wants none at all asks, and people see to it
    choose(
        person,
        actor=Actor("person", person.ref, person_id=person.pk),
        purpose=purpose,
        yes=False,
        way=way,
        wording="Unsubscribe",
    )
