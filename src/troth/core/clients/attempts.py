"""Attempts of a provider's staff to open what a client has: refused, and on both ledgers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from troth.core.actors import Actor
from troth.core.clients import acts
from troth.core.errors import Denied
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import everywhere, scope
from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Person

_REFERENCE: Final = re.compile(r"[0-9a-f]{32}")


class ClientDenied(Denied):
    """What was asked for is a client's."""


def found_at(names: dict[str, Any], provider: Organisation) -> tuple[Organisation, str] | None:
    """The client of `provider` that has a row of one of these names (references or ids, as they
    stand in addresses), and the reference of the person whom the row is, if it is one.

    Of the host every other organisation is a client, also those of its resellers.
    """
    clients = Organisation.objects.exclude(pk=provider.pk)
    if not provider.is_host:
        clients = clients.filter(provider=provider)
    if not clients.exists():
        return None
    for name in names.values():
        for model, field, value in _places(name):
            with everywhere("tells whose row somebody on the provider's staff asked for"):
                row = model._default_manager.filter(**{field: value}).first()
            owner = clients.filter(pk=row.organisation_id).first() if row else None
            if owner is not None:
                return owner, row.ref if isinstance(row, Person) else ""
    return None


def _places(name: Any) -> Iterator[tuple[type[Any], str, Any]]:
    by_ref = isinstance(name, str) and _REFERENCE.fullmatch(name)
    for model in apps.get_models():
        if not issubclass(model, Scoped) or not model._meta.managed:
            continue
        if by_ref and any(field.name == "ref" for field in model._meta.concrete_fields):
            yield model, "ref", name
        if isinstance(name, UUID) and isinstance(model._meta.pk, models.UUIDField):
            yield model, "pk", name


def refused(
    client: Organisation, provider: Organisation, *, actor: Actor, subject: str = ""
) -> ClientDenied:
    """Put the attempt on the ledger of the client, which its owner reads, and on the provider's.
    Returns the refusal to raise.
    """
    with scope(provider):
        published = current()
        clause = next((a.clause for a in published.policy.accesses if a.who == "host"), "")
    told = {"provider": provider.ref}, {"client": client.ref}
    with transaction.atomic():
        for act, owner, about, detail in (
            (acts.REFUSED, client, subject, told[0]),
            (acts.TRIED, provider, "", told[1]),
        ):
            with scope(owner):
                record(
                    act=act,
                    organisation=owner,
                    actor=actor,
                    subject=about or None,
                    clause=clause if owner is provider else "",
                    version=current().version,
                    detail=detail,
                )
    return ClientDenied(
        "This is a client's, and closed to you.",
        why="What a client has is its own. Both you and the client can read on the ledger that "
        "you tried.",
        clause=clause,
        do="Ask the client's owner for a grant, where the client wants your help.",
    )
