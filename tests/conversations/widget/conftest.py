"""The company served, web and live, and somebody else's page that has its script."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from conversations.company import FILES, Company
from conversations.live.process import Live, at_home
from support.databases import using
from support.installations import TROTH, Site, _wait, free_port
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope


@dataclass
class Served:
    """Web and live process over the company's databases; the live one can be killed."""

    company: Company
    port: int
    live: Live

    @property
    def url(self) -> str:
        return f"http://{self.company.organisation.host}:{self.port}"


@contextmanager
def web(urls: tuple[str, str], port: int, live_port: int) -> Iterator[None]:
    home = settings.HOME.folder
    environment = os.environ | {
        "TROTH_HOME": str(home),
        "DATABASE_URL": urls[0],
        "KEYRING_URL": urls[1],
        "TROTH_SECRET_KEY": settings.SECRET_KEY,
        "TROTH_LIVE_PORT": str(live_port),
        "TROTH_SECURE": "false",
        "TROTH_CHAT_OPEN": "1000",
    }
    command = [TROTH, "serve", "--port", str(port), "--workers", "1", "--part", "web"]
    with (home / "web.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait(Site(home, port=port), process)
        yield
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def served_company(
    desk_files: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    for name in FILES:
        shutil.copyfile(desk_files / name, folder / name)
    main, keyring = (f"sqlite:///{folder / name}" for name in FILES)
    live = Live((main, keyring), {"TROTH_LIVE_HELLOS_PER_MINUTE": "1000"}, folder)
    port = free_port()
    with at_home(folder), django_db_blocker.unblock(), using(main, keyring):
        organisation = Organisation.objects.get()
        with scope(organisation), web((main, keyring), port, live.port):
            live.begin()
            try:
                yield Served(Company(organisation, (main, keyring)), port, live)
            finally:
                live.end()


@dataclass
class Elsewhere:
    """Pages of another origin, under the strictest policy that the widget's manual allows."""

    served: Served
    port: int = 0
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://shop.localhost:{self.port}"

    @property
    def policy(self) -> str:
        live = f"{self.served.company.organisation.host}:{self.served.live.port}"
        return (
            "default-src 'none'; script-src 'nonce-n0nce'; base-uri 'none'; form-action 'none'; "
            f"connect-src {self.served.url} ws://{live} http://{live}; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        )

    def page(self, *, language: str = "", head: str = "") -> str:
        """The address of a page with the script."""
        path = f"/{len(self.pages)}.html"
        words = f' data-lang="{language}"' if language else ""
        self.pages[path] = (
            f"<!doctype html><html lang=en><head><meta charset=utf-8><title>A shop</title>"
            f'<meta name=viewport content="width=device-width">{head}'
            f'<script src="{self.served.url}/chat/widget.js" nonce=n0nce async{words}></script>'
            "</head><body><main><h1>A shop</h1></main></body></html>"
        )
        return self.url + path


@pytest.fixture(scope="module")
def elsewhere(served_company: Served) -> Iterator[Elsewhere]:
    shop = Elsewhere(served_company)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = shop.pages.get(self.path)
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", shop.policy)
            self.end_headers()
            self.wfile.write((found or "").encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    shop.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield shop
    server.shutdown()
    thread.join()
    server.server_close()
