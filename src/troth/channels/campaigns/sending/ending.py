"""The end of a campaign: when no copy is left that could still leave."""

from __future__ import annotations

from troth.channels.campaigns import acts
from troth.channels.campaigns.freezing import WORKER
from troth.channels.campaigns.models import Campaign, Copy
from troth.channels.campaigns.moving import StateDenied, move
from troth.core import clock
from troth.core.actions import action
from troth.core.ledger.api import record


def finish(campaign: Campaign) -> None:
    """Call it done if it is; copies in hand or waiting for another try keep it open."""
    if Copy.objects.filter(campaign=campaign, state__in=Copy.LEFT).exists():
        return
    try:
        _finish(campaign)
    except StateDenied:
        return  # paused or cancelled meanwhile, or another process was quicker


@action
def _finish(campaign: Campaign) -> None:
    state = Campaign.State
    done = move(campaign, {state.SENDING}, state.DONE, "end it")
    done.finished_at = clock.now()
    done.save(update_fields=["finished_at"])
    record(
        act=acts.DONE,
        organisation=done.organisation_id,
        actor=WORKER,
        purpose=done.purpose,
        clause=done.clause,
        version=done.version,
        count=done.audience,
        detail={"campaign": done.ref},
    )
