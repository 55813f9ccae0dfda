"""Notices: mail to many that is part of the service, such as of maintenance or an outage.

A notice reaches also whoever said no to all else, so it can carry none of that: it is for an
essential purpose alone, chooses nobody by what they like, and holds nothing that tells of its
reader. It is sent as every campaign is.
"""

from __future__ import annotations

from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.purposes import purpose_named
from troth.core.errors import Denied

_BY_LIKING = ("choice", "permitted")


class NoticeDenied(Denied):
    """A notice cannot have this, though news could."""


def check(campaign: Campaign) -> None:
    """Raises `NoticeDenied` with the clause for what only news may have."""
    if campaign.kind != Campaign.Kind.NOTICE:
        return
    clause = purpose_named(campaign.purpose, campaign.kind).clause
    if campaign.subject_b:
        raise NoticeDenied(
            "A notice has one subject.",
            why="To try two is to find out what people like; this is part of the service.",
            clause=clause,
            do="Leave the second one out.",
        )
    if campaign.layout:
        raise NoticeDenied(
            "A notice has no template.",
            why="Templates carry the link out, and a notice has none.",
            clause=clause,
            do="Leave it in the plain look.",
        )
    if campaign.in_archive:
        raise NoticeDenied(
            "A notice is not for the public page of letters.",
            why="It is for those the service is for.",
            clause=clause,
            do="Take the mark away.",
        )
    if any(one.get("by") in _BY_LIKING for one in campaign.segment):
        raise NoticeDenied(
            "A notice chooses nobody by what they like to get.",
            why="It goes to those it concerns, whatever they said to news and offers.",
            clause=clause,
            do="Choose by where people gave their data, or leave the choice out.",
        )
