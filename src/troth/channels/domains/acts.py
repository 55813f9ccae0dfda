from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

_DOMAIN = {"domain": kinds.reference}

ASKED = register("domains.asked", sentence="Somebody ordered a domain and was asked by mail").name
LAPSED = register(
    "domains.lapsed", sentence="{count} orders of domains were not confirmed and were destroyed"
).name
ORDERED = register(
    "domains.ordered", sentence="You confirmed the order of a domain", detail=_DOMAIN
).name
SHOWN = register(
    "domains.shown",
    sentence="You chose what the public registry shows of a domain of yours: {shown}",
    detail=_DOMAIN | {"shown": kinds.key},
).name
HIDDEN = register(
    "domains.hidden",
    sentence="The public registry shows nothing of you any more beside a domain",
    detail=_DOMAIN,
).name
ENTERED = register(
    "domains.entered", sentence="A domain of yours was entered in the registry", detail=_DOMAIN
).name
CONTACT_ASKED = register(
    "domains.contact_asked",
    sentence="Another technical contact was asked for at a domain; its owner is asked by mail",
    detail=_DOMAIN,
).name
CONTACT_CONFIRMED = register(
    "domains.contact_confirmed",
    sentence="You confirmed by mail that a domain gets another technical contact",
    detail=_DOMAIN,
).name
CONTACT_NAMED = register(
    "domains.contact_named",
    sentence="You were named as technical contact of a domain",
    detail=_DOMAIN,
).name
CONTACT_MOVED = register(
    "domains.contact_moved",
    sentence="The technical contact of a domain of yours changed",
    detail=_DOMAIN,
).name
CONTACT_GONE = register(
    "domains.contact_gone",
    sentence="You are technical contact of a domain no longer; your address there was erased",
    detail=_DOMAIN,
).name
