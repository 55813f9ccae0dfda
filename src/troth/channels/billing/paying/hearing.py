"""Messages of the payment company. Each is signed, and says no more than which order to look at."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from troth.channels.billing.models import Heard, Order
from troth.channels.billing.paying.settling import settle
from troth.channels.billing.paying.till import hook_of, till
from troth.core import clock
from troth.core.errors import Missing

TOLERANCE: Final = 300  # seconds between signing and hearing
PAYING: Final = ("checkout.session.completed", "checkout.session.async_payment_succeeded")


@csrf_exempt  # the signature shows who sends it
@require_POST
def hear(request: HttpRequest) -> HttpResponse:
    """A message of the payment company; one that is forged, too old or of no meaning changes
    nothing, and so does a repeat.
    """
    import stripe  # noqa: PLC0415 - large, and only needed where somebody pays

    found = till()
    if found is None:
        raise Missing("No payment company is connected.")
    signature = request.headers.get("Stripe-Signature", "")
    try:
        event = stripe.Webhook.construct_event(
            request.body, signature, hook_of(found), tolerance=TOLERANCE
        )
    except (ValueError, TypeError, stripe.SignatureVerificationError):
        # A TypeError: its comparison takes no letters but those of ASCII.
        return JsonResponse({"error": "This is not signed by the payment company."}, status=400)
    if Heard.objects.filter(event=event.id).exists():
        return JsonResponse({"heard": "before"})
    if event.type in PAYING:
        order = Order.objects.filter(session=event.data.object["id"]).first()
        if order is not None:
            settle(order)
    try:
        with transaction.atomic():
            Heard.objects.create(event=event.id, at=clock.now())
    except IntegrityError:
        return JsonResponse({"heard": "before"})
    return JsonResponse({"heard": "now"})
