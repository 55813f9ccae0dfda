"""The companies of the console's tests, with people who asked for news; and a browser's way in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from playwright.sync_api import Page

from console.cast import Colleague, Company
from console.conftest import companies, template, writes  # noqa: F401 - fixtures
from support.mail import Mailbox
from troth.core.organisations.scope import scope
from troth.kit.mail.transport import transport


@contextmanager
def _asking_for_news(company: Company) -> Iterator[Company]:
    with scope(company.organisation):
        for customer in company.customers:
            writes(customer.seed, "forms.get-in-touch")
        yield company


@pytest.fixture
def comm100(companies: Callable[[str], Company]) -> Iterator[Company]:  # noqa: F811
    """Newsletters by opt-out, and moderation."""
    with _asking_for_news(companies("comm100")) as found:
        yield found


@pytest.fixture
def comindware(companies: Callable[[str], Company]) -> Iterator[Company]:  # noqa: F811
    """Openings are counted where people said yes; newsletters by post and phone, too."""
    with _asking_for_news(companies("comindware")) as found:
        yield found


@pytest.fixture
def sink(smtp: Mailbox, settings: Any) -> Iterator[Mailbox]:
    """The mail server that this process sends to."""
    settings.EMAIL_HOST, settings.EMAIL_PORT = smtp.host, smtp.port
    transport.cache_clear()
    yield smtp
    transport().close()
    transport.cache_clear()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def port(settings: Any) -> Iterator[int]:
    """The site of this process, served on loopback for a browser."""
    from troth.hub.wsgi import application  # noqa: PLC0415 - starts Django

    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    server = make_server("127.0.0.1", 0, application, _Server, _Silent)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def visit(new_page: Callable[..., Page], port: int) -> Callable[..., Page]:
    """Open a page as a colleague, whose log-in the browser takes over."""

    def open_page(colleague: Colleague, path: str, **options: Any) -> Page:
        host = colleague.browser.defaults["HTTP_HOST"]
        base = f"http://{host}:{port}"
        page = new_page(base_url=base, **options)
        session = colleague.browser.cookies["troth_session"].value
        page.context.add_cookies([{"name": "troth_session", "value": session, "url": base}])
        page.goto(path)
        return page

    return open_page
