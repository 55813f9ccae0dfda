"""Choices saved over HTTP: durable, and on the ledger, when the answer comes."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from urllib.parse import urlencode, urlsplit

from bench.figure import Figure
from bench.places import POSTGRES, inside, installed, processor
from bench.serving import granian

CLIENTS: Final = 8
SAVED: Final = 2_000
TURNED: Final = "newsletter"
_FIELD: Final = re.compile(r'<input[^>]*?name="(shown|on|version)"[^>]*?>')
_VALUE: Final = re.compile(r'value="([^"]*)"')


def measure(names: Sequence[str]) -> dict[str, Figure]:
    """`choice_save`."""
    with installed(POSTGRES, TROTH_SECURE="0") as installation:
        links: list[str] = inside(installation, "choosing", str(SAVED))["links"]
        with granian(
            "troth.hub.wsgi:application", installation.variables(), installation.home / "log"
        ) as served:
            body = _body(served.url, links[0])
            warm, rest = links[: SAVED // 10], links[SAVED // 10 :]
            _save(served.url, warm, body)
            begun, cpu = time.perf_counter(), served.cpu()
            _save(served.url, rest, body)
            took, used = time.perf_counter() - begun, served.cpu() - cpu
    note = (
        f"{len(rest):,} people turn one switch off on their preference page, {CLIENTS} clients at "
        "once over kept connections, on PostgreSQL with fsync on, two web processes of four "
        "threads, all on the same machine as the clients. The answer comes after the choice, the "
        "permits that follow from it and the ledger's entry are committed. "
        f"{used / len(rest) * 1000:.1f} ms of CPU of the web processes each. {processor()}."
    )
    return {
        name: Figure(round(len(rest) / took, 1), "choices/s", "none", None, note) for name in names
    }


def _body(url: str, link: str) -> str:
    """What the page would send with one switch turned off."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request("GET", link)
    page = connection.getresponse().read().decode()
    connection.close()
    fields = []
    for match in _FIELD.finditer(page):
        value = _VALUE.search(match[0])
        on = match[1] == "on" and "checked" not in match[0]
        if value is not None and not on and (match[1], value[1]) != ("on", TURNED):
            fields.append((match[1], value[1]))
    assert ("shown", TURNED) in fields, page[:3000]
    return urlencode(fields)


def _save(url: str, links: Sequence[str], body: str) -> None:
    def client(mine: Sequence[str]) -> None:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        for link in mine:
            connection.request("POST", link, body, headers)
            answer = connection.getresponse()
            text = answer.read()
            where = answer.getheader("Location") or ""
            assert answer.status in (302, 303), f"{answer.status} {text[:2000]!r}"
            assert "since=" in where, where
        connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(client, [links[start::CLIENTS] for start in range(CLIENTS)]))
