"""What other parts may use of clients."""

from __future__ import annotations

from troth.core.clients.attempts import ClientDenied, found_at, refused
from troth.core.clients.contracts import (
    ContractDenied,
    ContractInvalid,
    accept,
    accepted,
    has_to_be_accepted,
    newest,
    publish,
    publish_first,
    to_accept,
)
from troth.core.clients.grants import end as end_grant, give as give_grant, grounds
from troth.core.clients.models import ClientGrant, Contract
from troth.core.clients.seeing import (
    client,
    clients_of,
    counts,
    grant_of,
    people,
    provider_staff,
)

__all__ = [
    "ClientDenied",
    "ClientGrant",
    "Contract",
    "ContractDenied",
    "ContractInvalid",
    "accept",
    "accepted",
    "client",
    "clients_of",
    "counts",
    "end_grant",
    "found_at",
    "give_grant",
    "grant_of",
    "grounds",
    "has_to_be_accepted",
    "newest",
    "people",
    "provider_staff",
    "publish",
    "publish_first",
    "refused",
    "to_accept",
]
