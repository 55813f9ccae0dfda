"""Inviting people to a survey: a campaign for its purpose, so that it reaches whom it may."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from troth.channels.campaigns.api import Writing, page_of, purposes, write
from troth.channels.surveys import clauses
from troth.channels.surveys.answering import is_open
from troth.channels.surveys.models import Survey
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.kit import links

_WORDS: Final = """{intro}

[{title}]({url})

The link is the same for everybody: nobody sees from it who answered.
"""


def may_invite(survey: Survey) -> bool:
    """Whether the policy lets people be written to for what this survey is for."""
    return is_open(survey) and clauses.purpose(clauses.place(survey.kind)) in purposes()


def invite(survey: Survey, *, actor: Actor) -> str:
    """Begin a campaign with the link in it. Returns its page, where it is sent as any other is.

    Raises `Invalid` where the policy has no such mail, and what writing a campaign raises.
    """
    if not may_invite(survey):
        raise Invalid(
            "Nobody can be invited to this by mail.",
            why="It is not open, or its purpose writes to nobody by e-mail.",
        )
    text = _WORDS.format(intro=survey.intro, title=survey.title, url=address(survey))
    purpose = clauses.purpose(clauses.place(survey.kind))
    made = write(
        Writing(name=survey.title, purpose=purpose, subject=survey.title, body=text.strip()),
        actor=actor,
    )
    return page_of(made)


def address(survey: Survey) -> str:
    """Where it can be answered, for a mail."""
    return links.absolute(reverse("surveys:survey", args=[survey.ref]))
