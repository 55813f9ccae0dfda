"""What an agent may ask: to exercise a right for somebody, and to take that back."""

from __future__ import annotations

import re
from typing import Final

from troth.channels.agents import acts
from troth.channels.agents.entering import note
from troth.channels.agents.envelopes import VERSIONS, Envelope, EnvelopeDenied
from troth.channels.agents.models import Agent, Exercise
from troth.channels.rights import api as requests
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.rights import api as rights
from troth.core.rights.api import Content, Request

ACTOR: Final = Actor.system("agents")
KINDS: Final = {
    "access": "access",
    "access:categories": "access",
    "access:specific": "access",
    "deletion": "deletion",
    "sale:opt_out": "objection",
}
"""Rights of the protocol and ours. `sale:opt_in` is none: nobody says yes for somebody else."""
REGIMES: Final = frozenset({"", "ccpa"})
EMAIL: Final = "user.contact.email"
_POSTAL: Final = ("street_address", "locality", "region", "postal_code", "country")
_NUMBER: Final = re.compile(r"\+[1-9]\d{6,14}")
_ADDRESS: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
LONGEST: Final = 500
_WEB: Final = re.compile(r"https://[^\s<>\"]{1,490}")


class ExerciseInvalid(Invalid):
    """The message is in order, and what it asks for cannot be taken in."""


def exercise_of(envelope: Envelope) -> str:
    """The right that is asked for, in one spelling (the protocol writes `opt-out` as well)."""
    return envelope.text("exercise", 40).replace("opt-", "opt_")


def check(envelope: Envelope) -> None:
    """Raise `ExerciseInvalid` for what this server does not know or offer."""
    if envelope.text("drp.version", 10) not in VERSIONS:
        raise ExerciseInvalid("Unsupported version of the protocol.")
    if exercise_of(envelope) not in KINDS:
        raise ExerciseInvalid("Unsupported rights actions submitted.")
    if envelope.text("regime", 40).lower() not in REGIMES:
        raise ExerciseInvalid("Unsupported regime.")
    callback = envelope.text("status_callback")
    if callback and not _WEB.fullmatch(callback):
        raise ExerciseInvalid("`status_callback` has to be an https address.")
    found = identity(envelope)
    if not found.keys() & {"email", "phone_number", "address"}:
        raise ExerciseInvalid(
            "`email`, `phone_number` or `address` is needed to find out whose request it is."
        )


def identity(envelope: Envelope) -> dict[str, str]:
    """What the message says of the person, by the protocol's names (section 3.04). Raises
    `ExerciseInvalid` for what is no address and no number.
    """
    found = {key: envelope.text(key, 254) for key in ("name", "email", "phone_number")}
    if found["email"] and not _ADDRESS.fullmatch(found["email"]):
        raise ExerciseInvalid("`email` is no e-mail address.")
    if found["phone_number"] and not _NUMBER.fullmatch(found["phone_number"]):
        raise ExerciseInvalid("`phone_number` is no telephone number in E.164.")
    found["address"] = _postal(envelope.claims.get("address"))
    return {key: text for key, text in found.items() if text}


def _postal(claim: object) -> str:
    """An address as OpenID Connect has it (Core 1.0, section 5.1.1), or as one text."""
    parts = claim if isinstance(claim, dict) else {"formatted": claim}
    texts = {key: text for key, text in parts.items() if isinstance(text, str)}
    whole = texts.get("formatted") or ", ".join(texts[key] for key in _POSTAL if texts.get(key))
    if len(whole) > LONGEST:
        raise ExerciseInvalid("`address` is too long.")
    return whole


@action
def exercise(agent: Agent, envelope: Envelope) -> Exercise:
    """Take a request in. It is the person's from the start where this company relies on what the
    agent has verified, and waits for a link in a mail where it does not; without an address of
    e-mail it waits for the staff.
    """
    check(envelope)
    own = envelope.text("agent-request-id", 100)
    if own and Exercise.objects.filter(agent=agent, agent_request_id=own).exists():
        raise EnvelopeDenied("replay", "There is a request of this `agent-request-id` already.")
    wanted, evidence = exercise_of(envelope), identity(envelope)
    address = evidence.get("email", "")
    claimed = agent.vouches and envelope.claims.get("email_verified") is True
    verified = claimed and bool(address)
    request = requests.receive(
        KINDS[wanted],
        actor=ACTOR,
        way="agent",
        content=Content(
            reply_to=address,
            identifiers={EMAIL: (address,)} if verified else {},
            evidence=evidence,
        ),
    )
    made = Exercise.objects.create(
        agent=agent,
        request=request,
        exercise=wanted,
        regime=envelope.text("regime", 40).lower(),
        agent_request_id=own,
        callback=envelope.text("status_callback"),
    )
    note(
        acts.EXERCISED,
        agent,
        actor=ACTOR,
        exercise=wanted.replace(":", "."),
        request=request.ref,
    )
    if not requests.may_ask(request.kind):
        rights.refuse(request, actor=ACTOR, reason="not-covered")
    elif verified and request.state == Request.State.UNPROVEN:
        requests.prove_by_address(request, how="agent")
    request.refresh_from_db()
    return made


@action
def revoke(made: Exercise) -> None:
    """Take a request back, as long as nothing of it was done. Raises `Invalid` after that."""
    rights.withdraw(made.request, actor=ACTOR)
    made.request.refresh_from_db()
    note(acts.REVOKED, made.agent, actor=ACTOR, request=made.request.ref)
