"""The stand-in over HTTP: the interface under /v1, the card's page under /c/pay."""

from __future__ import annotations

import hmac
import html
import json
import time
import urllib.request
from collections.abc import Callable
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import parse_qsl, urlsplit

from troth.hub.demo.standin.books import Books, CallInvalid, made_up

LARGEST: Final = 64 * 1024
PAGE: Final = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pay</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:28rem;margin:2rem auto;padding:0 1rem}}
label{{display:block;margin:.75rem 0}}input{{display:block;font:inherit;width:100%;
box-sizing:border-box;padding:.5rem}}button{{font:inherit;padding:.6rem 1.2rem}}</style></head>
<body><main><p><strong>Stand-in of a payment company: no money moves.</strong></p>
<h1>{name}: {amount}</h1><p role="alert">{problem}</p>
<form method="post"><label>Card number
<input name="number" inputmode="numeric" autocomplete="cc-number" required></label>
<label>Month and year it ends (MM/YY)
<input name="expiry" autocomplete="cc-exp" placeholder="12/34" required></label>
<button name="pay" value="1">Pay</button></form>
<p>4242 4242 4242 4242 is taken, 4000 0000 0000 0002 is turned down.</p>
<p><a href="{back}">Back to the shop, without paying</a></p></main></body></html>"""


class StandIn(ThreadingHTTPServer):
    """The running stand-in. `hook` is where its messages go; "" sends none by itself."""

    daemon_threads = True

    def __init__(self, port: int, *, key: str, secret: str, hook: str = "") -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.key, self.secret, self.hook = key, secret, hook
        self.books = Books(f"http://127.0.0.1:{self.server_address[1]}")

    def start(self) -> Callable[[], None]:
        """Serve in a thread. Returns what stops it."""
        Thread(target=self.serve_forever, name="stand-in", daemon=True).start()
        return self.shutdown

    def tell(self, session: dict[str, Any]) -> None:
        """Send the message that a session was paid, signed as the interface signs."""
        if not self.hook:
            return
        event = {
            "id": made_up("evt"),
            "object": "event",
            "type": "checkout.session.completed",
            "data": {"object": session},
        }
        body, at = json.dumps(event).encode(), int(time.time())
        mac = hmac.new(self.secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
        sent = urllib.request.Request(  # noqa: S310 - an address of whoever started it
            self.hook,
            body,
            {"Stripe-Signature": f"t={at},v1={mac}", "Content-Type": "application/json"},
        )
        try:
            urllib.request.urlopen(sent, timeout=10).close()  # noqa: S310 - as above
        except (URLError, OSError):
            return  # the shop asks for itself when its customer comes back


class _Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/calls":  # what came in, for whoever wants to look
            self._json(200, self.server.books.calls)
        elif path.startswith("/v1/"):
            self._call("GET", path, query)
        else:
            self._page(path.rpartition("/")[2])

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), LARGEST)
        text = self.rfile.read(length).decode()
        path = urlsplit(self.path).path
        if path == "/set":
            said = dict(parse_qsl(text, keep_blank_values=True))
            self.server.hook = said.get("hook", self.server.hook)
            self.server.books.failing = int(said.get("failing", self.server.books.failing))
            self._json(200, {})
        elif path.startswith("/v1/"):
            self._call("POST", path, text)
        else:
            self._paid(path.rpartition("/")[2], dict(parse_qsl(text)))

    def _call(self, verb: str, path: str, text: str) -> None:
        fields = dict(parse_qsl(text, keep_blank_values=True))
        once = self.headers.get("Idempotency-Key", "")
        if self.headers.get("Authorization") != f"Bearer {self.server.key}":
            self._json(401, {"error": {"type": "invalid_request_error", "message": "No such key."}})
            return
        try:
            self._json(200, self.server.books.call(verb, path, fields, once))
        except CallInvalid as refused:
            self._json(refused.status, refused.body)

    def _paid(self, ref: str, said: dict[str, str]) -> None:
        month, _, year = said.get("expiry", "").partition("/")
        if not (month.strip().isdigit() and year.strip().isdigit()):
            self._page(ref, "Write when the card ends, such as 12/34.")
            return
        try:
            session = self.server.books.pay(
                ref, said.get("number", ""), int(month), 2000 + int(year) % 100
            )
        except CallInvalid as refused:
            self._json(refused.status, refused.body)
            return
        if session is None:
            self._page(ref, "Your card was turned down.")
            return
        self.server.tell(session)
        self._answer(303, b"", "text/plain", Location=session["success_url"])

    def _page(self, ref: str, problem: str = "") -> None:
        session = self.server.books.objects.get(ref)
        if session is None:
            self._json(404, {"error": {"message": "There is no such page."}})
            return
        amount = f"{session['amount_total'] / 100:,.2f} {session['currency'].upper()}"
        said = {"name": session["name"], "amount": amount, "problem": problem}
        said["back"] = session["cancel_url"]
        shown = {key: html.escape(str(value)) for key, value in said.items()}
        self._answer(200, PAGE.format(**shown).encode(), "text/html; charset=utf-8")

    def _json(self, status: int, body: object) -> None:
        self._answer(status, json.dumps(body).encode(), "application/json")

    def _answer(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: cards are typed here."""
