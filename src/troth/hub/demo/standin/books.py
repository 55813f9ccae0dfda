"""What the stand-in knows: customers, checkout sessions, payments and refunds, in memory."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, Final

Fields = dict[str, str]
DECLINED: Final = "4000000000000002"


class CallInvalid(Exception):
    """An answer that is an error, as the interface spells it."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status, self.body = status, {"error": {"type": kind, "message": message}}


def made_up(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


@dataclass
class Books:
    """All of it, and every call that came, for whoever wants to see what was passed on."""

    origin: str = ""
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, tuple[Fields, dict[str, Any]]] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    failing: int = 0
    lock: RLock = field(default_factory=RLock)

    def call(self, verb: str, path: str, fields: Fields, once: str) -> dict[str, Any]:
        """Answer one call of the interface. The same idempotency key gets the same answer."""
        with self.lock:
            self.calls.append({"verb": verb, "path": path, "fields": fields, "once": once})
            if self.failing:
                self.failing -= 1
                raise CallInvalid(500, "api_error", "It is down for a moment.")
            if once and once in self.answers:
                before, answer = self.answers[once]
                if before != fields:
                    raise CallInvalid(400, "idempotency_error", "Another call had this key.")
                return answer
            answer = self._answer(verb, path.strip("/").split("/")[1:], fields)
            if once:
                self.answers[once] = (fields, answer)
            return answer

    def _answer(self, verb: str, parts: list[str], fields: Fields) -> dict[str, Any]:
        match verb, *parts:
            case "POST", "customers":
                return self._keep("cus", "customer", **fields)
            case "POST", "refunds":
                return self._refund(fields)
            case "POST", "checkout", "sessions":
                return self._session(fields)
            case "GET", "checkout", "sessions", ref:
                return self._expanded(self._find(ref), fields)
            case "POST", "checkout", "sessions", ref, "expire":
                session = self._find(ref)
                if session["status"] != "open":
                    raise CallInvalid(400, "invalid_request_error", "It is not open.")
                session["status"] = "expired"
                return session
        raise CallInvalid(404, "invalid_request_error", "Unrecognized request URL.")

    def _session(self, fields: Fields) -> dict[str, Any]:
        item = "line_items[0]"
        price = f"{item}[price_data]"
        amount = int(fields[f"{price}[unit_amount]"]) * int(fields[f"{item}[quantity]"])
        made = self._keep(
            "cs_test",
            "checkout.session",
            amount_total=amount,
            cancel_url=fields["cancel_url"],
            client_reference_id=fields.get("client_reference_id"),
            currency=fields[f"{price}[currency]"],
            customer=fields.get("customer"),
            mode=fields["mode"],
            name=fields[f"{price}[product_data][name]"],
            payment_intent=None,
            payment_status="unpaid",
            status="open",
            success_url=fields["success_url"],
        )
        made["url"] = f"{self.origin}/c/pay/{made['id']}"
        return made

    def _expanded(self, session: dict[str, Any], fields: Fields) -> dict[str, Any]:
        asked = [value for name, value in fields.items() if name.startswith("expand")]
        if session["payment_intent"] is None or "payment_intent.payment_method" not in asked:
            return session
        intent = self.objects[session["payment_intent"]]
        whole = intent | {"payment_method": self.objects[intent["payment_method"]]}
        return session | {"payment_intent": whole}

    def _refund(self, fields: Fields) -> dict[str, Any]:
        intent = self._find(fields["payment_intent"])
        if intent.get("refunded"):
            raise CallInvalid(400, "invalid_request_error", "It has already been refunded.")
        intent["refunded"] = True
        return self._keep("re", "refund", payment_intent=intent["id"], status="succeeded")

    def pay(self, ref: str, number: str, month: int, year: int) -> dict[str, Any] | None:
        """Take a card on the page of a session. None if the card is turned down."""
        with self.lock:
            session = self._find(ref)
            if session["status"] != "open":
                return session
            digits = "".join(char for char in number if char.isdigit())
            if not _valid(digits) or digits == DECLINED:
                return None
            card = {"last4": digits[-4:], "exp_month": month, "exp_year": year, "brand": "visa"}
            method = self._keep("pm", "payment_method", type="card", card=card)
            intent = self._keep(
                "pi", "payment_intent", payment_method=method["id"], status="succeeded"
            )
            session |= {
                "status": "complete",
                "payment_status": "paid",
                "payment_intent": intent["id"],
            }
            return session

    def _keep(self, prefix: str, kind: str, **values: Any) -> dict[str, Any]:
        made = {"id": made_up(prefix), "object": kind, "created": int(time.time()), **values}
        self.objects[made["id"]] = made
        return made

    def _find(self, ref: str) -> dict[str, Any]:
        found = self.objects.get(ref)
        if found is None:
            raise CallInvalid(404, "invalid_request_error", "No such object.")
        return found


def _valid(digits: str) -> bool:
    """The check digit of ISO/IEC 7812."""
    doubled = [int(d) * (1 + place % 2) for place, d in enumerate(reversed(digits))]
    return len(digits) > 11 and sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0  # noqa: PLR2004
