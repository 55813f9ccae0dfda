"""A new draft with the words of another campaign."""

from __future__ import annotations

from troth.channels.campaigns import actions
from troth.channels.campaigns.models import Campaign
from troth.core.actors import Actor

_LONGEST = 120


def duplicate(campaign: Campaign, *, actor: Actor) -> Campaign:
    """Raises as `actions.write` does: what the policy let then, it may not let now."""
    name = f"{campaign.name[: _LONGEST - 7]} (copy)"
    fields = (
        *("kind", "purpose", "subject", "subject_b", "body", "format", "share_b", "sender_name"),
        *("try_share", "try_hours"),
    )
    given = {field: getattr(campaign, field) for field in fields}
    layout = campaign.layout.ref if campaign.layout else ""
    writing = actions.Writing(
        name=name, in_archive=campaign.in_archive, segment=campaign.segment, layout=layout, **given
    )
    return actions.write(writing, actor=actor)
