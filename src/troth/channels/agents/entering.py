"""Agents as the owners enter them, from the network's directory."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from troth.channels.agents import acts
from troth.channels.agents.models import Agent, Business
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import current_organisation_id
from troth.core.staff.models import Role

ABILITY: Final = str(Role.Ability.STAFF_MANAGE)
SHORTEST: Final = 32


def business_key() -> str:
    """What the organisation in scope is called in the network."""
    found = Business.objects.values_list("key", flat=True).first()
    if found:
        return found
    slug = Organisation.objects.values_list("slug", flat=True).get(pk=current_organisation_id())
    return slug.upper().replace("-", "_")


@action
def call_business(key: str, *, actor: Actor) -> None:
    """Set what the organisation is called in the network."""
    actor.needs(ABILITY)
    Business.objects.update_or_create(
        organisation_id=current_organisation_id(), defaults={"key": key}
    )


def spelled(text: str) -> str:
    """A verify key in one spelling: Base64 of 32 bytes, or hex as versions before 0.9.1 had it.

    Raises `Invalid`.
    """
    text = "".join(text.split())
    try:
        if len(text) == 2 * SHORTEST:
            raw = bytes.fromhex(text)
        else:
            raw = b64decode(text + "=" * (-len(text) % 4), validate=True)
        Ed25519PublicKey.from_public_bytes(raw)
    except (Base64Error, ValueError):
        raise Invalid(
            "This is no verify key.",
            why="A key is 32 bytes, written in Base64.",
            do="Copy `verify_key` from the network's directory.",
        ) from None
    return b64encode(raw).decode()


@action
def enter(
    *, key: str, name: str, verify_key: str, web_url: str, vouches: bool, actor: Actor
) -> Agent:
    """Let an agent ask on behalf of people."""
    actor.needs(ABILITY)
    if Agent.objects.filter(key=key, ended_at=None).exists():
        raise Invalid("There is an agent of this id already.", do="Change that one.")
    made = Agent.objects.create(
        key=key,
        name=name,
        verify_key=spelled(verify_key),
        web_url=web_url,
        vouches=vouches,
        entered_at=clock.now(),
    )
    note(acts.ENTERED, made, actor=actor)
    return made


@action
def change(
    agent: Agent, *, name: str, verify_key: str, web_url: str, vouches: bool, actor: Actor
) -> None:
    """Change what is known of an agent. With another key its token ends: whoever holds the old
    key must not go on with what it once got.
    """
    actor.needs(ABILITY)
    new = spelled(verify_key)
    if new != agent.verify_key:
        agent.token_digest = agent.token_at = None
    agent.name, agent.verify_key, agent.web_url, agent.vouches = name, new, web_url, vouches
    agent.save()
    note(acts.CHANGED, agent, actor=actor)


@action
def end(agent: Agent, *, actor: Actor) -> None:
    """Shut an agent out. What it asked for goes on: it is the person's."""
    actor.needs(ABILITY)
    agent.ended_at, agent.token_digest = clock.now(), None
    agent.save(update_fields=["ended_at", "token_digest"])
    note(acts.ENDED, agent, actor=actor)


def note(act: str, agent: Agent, *, actor: Actor, subject: str = "", **detail: object) -> None:
    """Put an act about an agent on the ledger."""
    record(
        act=act,
        organisation=agent.organisation_id,
        actor=actor,
        subject=subject or None,
        version=current().version,
        detail={"agent": agent.ref, **detail},
    )
