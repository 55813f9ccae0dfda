"""The contract between the company that runs the installation and its clients: its versions, and
who accepted which. Before an owner accepted one, a client is closed: no page, no collecting.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.clients import acts, texts
from troth.core.clients.models import Acceptance, Contract
from troth.core.errors import Denied, Invalid, Missing
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import current_organisation_id, scope
from troth.core.staff.models import Role

FIRST: Final = {Contract.Kind.CLIENT: texts.CLIENT, Contract.Kind.RESELLER: texts.RESELLER}
_CLAUSE: Final = re.compile(r"^#+ *Confidentiality *\n+(?P<words>[^#\s][^#]{40,})", re.MULTILINE)


class ContractInvalid(Invalid):
    """The text cannot be a contract here."""


class ContractDenied(Denied):
    """The contract, or the terms for resellers, were not accepted."""


def kind_of(organisation: Organisation) -> Contract.Kind:
    """Which contract is this organisation's to accept."""
    return Contract.Kind.RESELLER if organisation.is_reseller else Contract.Kind.CLIENT


@action
def publish(text: str, *, kind: str, actor: Actor) -> Contract:
    """Publish a version, in the scope of the host. Clients are asked to accept it; until then they
    go on under the one they accepted. Raises `ContractInvalid` without a confidentiality clause.
    """
    actor.needs(Role.Ability.POLICY_PUBLISH)
    if not Organisation.objects.filter(pk=current_organisation_id(), is_host=True).exists():
        raise Denied("Only the host publishes contracts.", do="Name the host's organisation.")
    if not _CLAUSE.search(text):
        raise ContractInvalid(
            "This contract has no clause on confidentiality.",
            why="Every contract with a client holds one: a section called Confidentiality.",
            do="Write the section, with what both sides keep to themselves.",
        )
    last = Contract.objects.filter(kind=kind).first()
    made = Contract.objects.create(
        kind=kind,
        number=last.number + 1 if last else 1,
        text=text,
        digest=sha256(text.encode()).hexdigest(),
        published_at=clock.now(),
    )
    _enter(acts.CONTRACT_PUBLISHED, actor, made)
    return made


def publish_first(*, actor: Actor) -> None:
    """Publish what is shipped where the host in scope has published nothing of that kind."""
    for kind, text in FIRST.items():
        if not Contract.objects.filter(kind=kind).exists():
            publish(text, kind=kind, actor=actor)


def newest(organisation: Organisation) -> Contract | None:
    """The version in force of the contract that is this organisation's to accept."""
    if organisation.provider_id is None:
        return None
    with scope(Organisation.objects.get(is_host=True)):
        return Contract.objects.filter(kind=kind_of(organisation)).first()


def accepted() -> list[Acceptance]:
    """What the organisation in scope accepted, the newest first."""
    return list(Acceptance.objects.all())


def to_accept(organisation: Organisation) -> Contract | None:
    """The version that waits to be accepted by this organisation, if any."""
    found = newest(organisation)
    if found is None:
        return None
    with scope(organisation):
        done = Acceptance.objects.filter(kind=found.kind, digest=found.digest).exists()
    return None if done else found


@action
def accept(number: int, *, actor: Actor) -> Acceptance:
    """Accept the version in force, which the owner has seen as `number`; the organisation in scope
    is open from then on. Raises `Missing` where another version came in between.
    """
    actor.needs(Role.Ability.STAFF_MANAGE)
    here = Organisation.objects.select_for_update().get(pk=current_organisation_id())
    found = to_accept(here)
    if found is None or found.number != number:
        raise Missing(
            "There is no such version to accept.",
            why="It was accepted already, or another was published since.",
            do="Look at the contract again.",
        )
    now = clock.now()
    made = Acceptance.objects.create(
        kind=found.kind,
        number=found.number,
        digest=found.digest,
        accepted_by=actor.ref,
        accepted_at=now,
    )
    if here.opened_at is None:
        here.opened_at = now
        here.save(update_fields=["opened_at"])
    _enter(acts.CONTRACT_ACCEPTED, actor, found)
    return made


def has_to_be_accepted(organisation: Organisation) -> None:
    """Raise `ContractDenied` for who may see clients only after accepting the terms."""
    if organisation.is_host:
        return
    with scope(organisation):
        done = Acceptance.objects.filter(kind=Contract.Kind.RESELLER).exists()
    if not organisation.is_reseller or not done:
        raise ContractDenied(
            "Clients are closed to you.",
            why="A reseller sees its own clients after it accepted the terms."
            if organisation.is_reseller
            else "This organisation has no clients of its own.",
            do="An owner accepts the terms in the console, under Settings.",
        )


def _enter(act: str, actor: Actor, found: Contract) -> None:
    record(
        act=act,
        organisation=current_organisation_id(),
        actor=actor,
        version=current().version,
        detail={"number": found.number, "digest": found.digest},
    )
