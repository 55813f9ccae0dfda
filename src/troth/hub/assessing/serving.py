"""Where the site is: at its own address, or served here on loopback for as long as one looks."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from troth.core.errors import Missing
from troth.core.organisations.models import Organisation

LOOPBACK: Final = "127.0.0.1"
PATIENCE: Final = 60.0


class SiteSilentMissing(Missing):
    """Nothing answers at the address of the site."""


@dataclass(frozen=True, slots=True)
class Site:
    """An address to crawl, and what a browser has to be told to reach it."""

    url: str
    flags: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


@contextmanager
def site_at(organisation: Organisation, url: str = "") -> Iterator[Site]:
    """The site at this address or its own; where its own is silent, one that is served here.

    Raises `SiteSilentMissing` where an address was given and nothing answers.
    """
    own = url or str(settings.HOME.option("url"))
    if not own and organisation.host:
        own = f"https://{organisation.host}"
    if own and _answers(own):
        yield Site(own.rstrip("/"))
        return
    if url:
        raise SiteSilentMissing(
            f"Nothing answers at {url}.", do="Start the site, or leave --url out."
        )
    with _served(organisation) as site:
        yield site


def _answers(url: str) -> bool:
    if urlsplit(url).scheme not in {"http", "https"}:
        return False
    try:
        urllib.request.urlopen(url, timeout=10).close()  # noqa: S310 - the scheme was looked at
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@contextmanager
def _served(organisation: Organisation) -> Iterator[Site]:
    """A web process on a free port, with the settings of this installation but for the address.

    The browser says that its requests came over TLS, as the proxy in front of a real site does,
    so that a site that insists on it shows itself as it is.
    """
    port = _free_port()
    host = organisation.host or LOOPBACK
    hosts = f"{settings.HOME.option('hosts')} {host} {LOOPBACK}".strip()
    changed = {"TROTH_BEHIND_PROXY": "true", "TROTH_HOSTS": hosts}
    command = [sys.executable, "-c", "from troth.hub.cli import main; main()"]
    command += ["serve", "--part", "web"]
    command += ["--host", LOOPBACK, "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(  # noqa: S603 - our own
        command,
        env=os.environ | changed,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, port)
        flags = (f"--host-resolver-rules=MAP {host} {LOOPBACK}",) if organisation.host else ()
        yield Site(f"http://{host}:{port}", flags, (("X-Forwarded-Proto", "https"),))
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection((LOOPBACK, port), timeout=5).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SiteSilentMissing(
                    "The site could not be served here.",
                    do="Run `troth serve` to see why, or give its address with --url.",
                ) from None
            time.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
