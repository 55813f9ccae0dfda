"""Making a campaign ready: one copy a person, in one statement."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from troth.channels.campaigns import acts
from troth.channels.campaigns.explaining import recipients
from troth.channels.campaigns.models import Campaign, Copy
from troth.channels.campaigns.moving import move
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.gate.models import Permit
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id

WORKER: Final = Actor.system("campaigns")


@action
def freeze(campaign: Campaign, *, actor: Actor = WORKER) -> int:
    """Decide who gets it, write a copy for each, and begin. Returns how many.

    Whoever says no after this still gets none: the gate is asked again when a copy leaves.
    """
    state = Campaign.State
    campaign = move(campaign, {state.SCHEDULED}, state.SENDING, "send it")
    made = _copies(campaign, recipients(campaign))
    published = current()
    campaign.audience, campaign.frozen_at = made, clock.now()
    campaign.version = published.version
    campaign.clause = getattr(published.rules.purposes.get(campaign.purpose), "clause", "")
    campaign.save(update_fields=["audience", "frozen_at", "version", "clause"])
    record(
        act=acts.FROZEN,
        organisation=campaign.organisation_id,
        actor=actor,
        purpose=campaign.purpose,
        clause=campaign.clause,
        version=campaign.version,
        count=made,
        detail={"campaign": campaign.ref},
    )
    return made


def _copies(campaign: Campaign, people: QuerySet[Permit]) -> int:
    """INSERT … SELECT: a million people are not carried through this process."""
    try:
        sql, params = people.order_by().values("person_id").query.sql_with_params()
    except EmptyResultSet:  # the policy in force permits it of nobody
        return 0
    quote = connection.ops.quote_name
    chance = "random() * 100" if connection.vendor == "postgresql" else "abs(random() % 100)"
    fixed = {
        "organisation_id": current_organisation_id(),
        "campaign_id": campaign.pk,
        "state": str(Copy.State.QUEUED),
        "due_at": clock.now(),
        "tries": 0,
        "uncertain": False,
        "code": "",
        "words": "",
        "reason": "",
    }
    values = [Copy._meta.get_field(name.removesuffix("_id")) for name in fixed]
    prepared = [
        field.get_db_prep_save(value, connection)  # type: ignore[union-attr]
        for field, value in zip(values, fixed.values(), strict=True)
    ]
    # PostgreSQL asks for types here; to SQLite a cast to a date is one to a number.
    typed = connection.vendor == "postgresql"
    casts = [f"CAST(%s AS {field.db_type(connection)})" if typed else "%s" for field in values]
    columns = ", ".join(quote(name) for name in ("person_id", "subject", *fixed))
    # Two throws: who is tried upon at all, and which subject they get.
    subject = (
        f"CASE WHEN {chance} >= %s THEN '{Copy.UNDECIDED}' WHEN {chance} < %s THEN 'b' ELSE 'a' END"
    )
    tried = campaign.try_share if campaign.tries else 100
    share = campaign.share_b if campaign.subject_b else 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(Copy._meta.db_table)} ({columns}) "  # noqa: S608 - names are ours
            f"SELECT allowed.person_id, {subject}, {', '.join(casts)} FROM ({sql}) allowed",
            [tried, share, *prepared, *params],
        )
        return int(cursor.rowcount)
