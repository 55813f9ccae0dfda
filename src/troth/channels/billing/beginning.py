"""An order that was begun: where, and what was written so far, for as long as its cookie lasts.

The cookie holds a number at random and the page of ours it began on, signed. What was written is
here, sealed under a key of the row's own, and goes with the order, or with the cookie's time. It
works only where the policy declares the cookie, and where the browser may have it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from troth.channels.billing import clauses
from troth.channels.billing.models import Begun, Product
from troth.channels.conversations.api import holds_card
from troth.channels.cookies import api as cookies
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.gate.deposits import deposit, discard
from troth.core.ids import opaque_ref
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.records import Given
from troth.policy import Touchpoint

COOKIE: Final = "troth_order"
SOURCE: Final = "user.behavior.browsing_history"
LONGEST: Final = 4_000
_PAGE: Final = re.compile(r"/[A-Za-z0-9/_.-]{0,150}")
_SLASH: Final = ":"  # what a cookie may hold without quotes (RFC 6265); no page of ours has one
_signer: Final = Signer(sep="~", salt="troth.billing.begun")


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the cookie says."""

    ref: str
    page: str


def beginning(request: HttpRequest) -> Beginning | None:
    """Where the browser's order began; None where it has none, or may have none."""
    try:
        ref, _, page = _signer.unsign(cookies.held(request, COOKIE)).partition(".")
    except BadSignature:
        return None
    return Beginning(ref, page.replace(_SLASH, "/"))


def keeps(request: HttpRequest) -> bool:
    """Whether what is written so far may be kept for this browser."""
    return cookies.may_have(request, COOKIE)


def begin(request: HttpRequest, response: HttpResponse, product: Product) -> None:
    """Note the page an order begins on, once; nothing where the policy has no such cookie."""
    if beginning(request) is None and keeps(request):
        page = _came_from(request, product).replace("/", _SLASH)
        value = _signer.sign(f"{opaque_ref()}.{page}")
        cookies.give(request, response, COOKIE, value)


def _came_from(request: HttpRequest, product: Product) -> str:
    """The page of ours that led here, without what may follow it; else that of the product."""
    came = urlsplit(request.headers.get("Referer", ""))
    checkout = reverse("billing:checkout", args=[product.slug])
    ours = came.netloc == request.get_host() and _PAGE.fullmatch(came.path)
    private = came.path.startswith(("/account", "/orders", "/console", "/preferences"))
    if ours and not private and came.path != checkout:
        return came.path
    return reverse("billing:product", args=[product.slug])


def source(request: HttpRequest, _product: Product) -> Sequence[Given]:
    """The page the order began on, where a clause of the checkout collects it from the browser."""
    found = beginning(request)
    names = [
        name
        for block in current().rules.policy.collects
        if block.at == clauses.PLACE and block.source == "browser"
        for name in block.data
        if current().rules.category(name) == SOURCE
    ]
    return [Given(names[0], SOURCE, found.page)] if found and names else []


@action
def keep(found: Beginning, said: Mapping[str, Any], place: Touchpoint) -> None:
    """Keep what was written so far of what the clause asks, and nothing that looks like a card."""
    asked = {field.key for field in place.fields if not field.pass_to} | {"quantity"}
    content = {
        name: str(said[name])[:LONGEST]
        for name in sorted(asked)
        if said.get(name) and not holds_card(str(said[name]))
    }
    row = Begun.objects.filter(ref=found.ref).first()
    made = row or Begun(organisation_id=current_organisation_id(), ref=found.ref)
    with deposit(row=made.pk, actor=Actor.visitor(), touchpoint=clauses.PLACE):
        made.content, made.expires_at = content, _ends()
        try:
            with transaction.atomic():
                made.save(force_insert=row is None)
        except IntegrityError:  # the browser sent it twice at once, and the other was first
            discard(made.pk)


def kept(request: HttpRequest) -> dict[str, str]:
    """What was written so far at this browser."""
    found = beginning(request)
    row = found and Begun.objects.filter(ref=found.ref, expires_at__gt=clock.now()).first()
    if not row:
        return {}
    with deposit(row=row.pk, actor=Actor.visitor(), touchpoint=clauses.PLACE):
        return dict(row.content)


def over(request: HttpRequest, response: HttpResponse) -> None:
    """The order was placed, or may not be: what waited for it goes, and so does the cookie."""
    found = beginning(request)
    if found is not None:
        for row in Begun.objects.filter(ref=found.ref):
            _forget(row)
        cookies.take_back(response, COOKIE)


@action
def forget_expired(*, limit: int = 200) -> int:
    """Forget what was begun and not ended in time. Returns how many, at most `limit`."""
    late = list(Begun.objects.filter(expires_at__lte=clock.now())[:limit])
    for row in late:
        _forget(row)
    return len(late)


def _forget(row: Begun) -> None:
    discard(row.pk)
    row.delete()


def _ends() -> Any:
    """When the cookie's clause says that it ends."""
    found = next(one for one in current().policy.cookies if one.name == COOKIE)
    now = clock.now()
    return found.lifetime.due(now) if found.lifetime else now
