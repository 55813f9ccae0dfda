"""What another company would set in our pages: named, and kept out until it is chosen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from proofs.company import Company

FRAME = b"<!doctype html><html lang=en><title>Footfall</title><p>Counted by Footfall."


class Provider(BaseHTTPRequestHandler):
    """Another company's frame, which sets a cookie of its own."""

    def do_GET(self) -> None:
        self.server.asked.append(dict(self.headers))  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Set-Cookie", "footfall_id=f00; Path=/")
        self.end_headers()
        self.wfile.write(FRAME)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def provider() -> Iterator[Any]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def cookies(page: Page) -> set[str]:
    return {str(one.get("name")) for one in page.context.cookies()}


@pytest.mark.clause("comantra-31")
def test_anothers_cookie_is_named_and_kept_out_until_it_is_chosen(
    make_company: Callable[..., AbstractContextManager[Company]], page: Page
) -> None:
    with provider() as other:
        place = f"http://127.0.0.1:{other.server_address[1]}"
        made = make_company(parts=("web",), TROTH_EMBEDS=f"tag-company={place}/frame")
        with made as company:
            page.goto(f"{company.site.url}/cookies")
            row = page.get_by_role("row").filter(has_text="footfall_id")
            cells = dict(
                zip(
                    ["name", "does", "kept", "tied", "owner"],
                    row.locator("th, td").all_text_contents(),
                    strict=False,
                )
            )
            assert (cells["kept"], cells["tied"]) == ("90 days", "no")
            assert "Footfall Tags" in cells["owner"]
            answer = page.goto(company.site.url)
            assert answer
            assert place not in answer.headers["content-security-policy"]
            part = page.get_by_role("region", name="Footfall Tags")
            expect(part.get_by_text("Nothing was asked of it so far.")).to_be_visible()
            page.get_by_role("region", name="Cookies").get_by_text("Only necessary").click()
            expect(page.get_by_role("region", name="Cookies")).to_have_count(0)
            assert other.asked == [], "it does not even learn that somebody came"
            with page.expect_response(f"{place}/frame"):
                part.get_by_role("button", name="Load it and allow").click()
            words = page.frame_locator("section.embedded iframe").get_by_text(
                "Counted by Footfall."
            )
            expect(words).to_be_visible()
            assert len(other.asked) == 1
            assert "Referer" not in other.asked[0], "nor from which page they come"
            assert "footfall_id" in cookies(page)
            assert page.locator("section.embedded iframe").count() == 1
            page.get_by_role("button", name="Change that").click()
            page.get_by_role("dialog").get_by_role("button", name="Only necessary").click()
            expect(page.locator("section.embedded iframe")).to_have_count(0)
            assert cookies(page) == {"troth_cookies"}
            again = page.goto(company.site.url)
            assert again
            assert place not in again.headers["content-security-policy"]
            expect(part.get_by_role("button", name="Load it and allow")).to_be_visible()
            assert len(other.asked) == 1, "and it is asked nothing from then on"
