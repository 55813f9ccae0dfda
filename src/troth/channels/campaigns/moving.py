"""From one state of a campaign to the next, or words why not."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from troth.channels.campaigns.models import Campaign
from troth.core.errors import Denied, Missing

IS: Final = {
    "draft": "is a draft",
    "waiting": "waits to be read",
    "rejected": "was rejected",
    "scheduled": "is scheduled",
    "sending": "is being sent",
    "paused": "is paused",
    "done": "was sent to the end",
    "cancelled": "was cancelled",
}


class StateDenied(Denied):
    """This step cannot be taken from where the campaign is."""

    status = 409


class CampaignMissing(Missing):
    """There is no such campaign, or it was thrown away."""


def move(campaign: Campaign, from_: Collection[str], to: str, what: str) -> Campaign:
    """Take the campaign, as it is in the database now, to a state. `what` ends “You cannot …”.

    Nobody else can move it until the transaction ends. Raises `StateDenied`, `CampaignMissing`.
    """
    found = Campaign.objects.select_for_update().filter(pk=campaign.pk).first()
    if found is None:
        raise CampaignMissing("There is no such campaign.", why="It was thrown away.")
    if found.state not in from_:
        possible = " or ".join(IS[one].removeprefix("is ") for one in from_)
        raise StateDenied(
            f"You cannot {what}: the campaign {IS[found.state]}.",
            why=f"That can be done while it is {possible}.",
            do="Look at the campaign again; somebody may have changed it meanwhile.",
        )
    if found.state != to:
        found.state = to
        found.save(update_fields=["state"])
    return found
