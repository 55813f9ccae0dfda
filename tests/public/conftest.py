from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller

from support.installations import Installation, Site, free_port, served
from support.mail import Mailbox
from support.reader import Chooser, Reader
from support.seeded import Seed


@pytest.fixture
def reader(site: Site) -> Reader:
    return Reader(site.url)


@pytest.fixture(scope="session")
def post() -> Iterator[Mailbox]:
    """The mail server of the site below."""
    mailbox = Mailbox("127.0.0.1", free_port())
    controller = Controller(mailbox, hostname=mailbox.host, port=mailbox.port)
    controller.start()
    yield mailbox
    controller.stop()


@pytest.fixture(scope="session")
def choosing_site(make_installation: Callable[..., Installation], post: Mailbox) -> Iterator[Site]:
    """Comm100's site, whose mail arrives at `post`."""
    made = make_installation(
        TROTH_SMTP_PORT=str(post.port),
        TROTH_FORMS_PER_MINUTE="1000",
        TROTH_LINKS_PER_HOUR="1000",
    )
    with served(made, "web", "worker") as site:
        yield site


@pytest.fixture
def chooser(choosing_site: Site, post: Mailbox) -> Chooser:
    """Somebody who asked for information a moment ago, and then for the link to their choices."""
    return written(choosing_site, post)


@pytest.fixture
def objector(choosing_site: Site, post: Mailbox) -> Chooser:
    """The same, with a browser that asks for Global Privacy Control."""
    return written(choosing_site, post, **{"Sec-GPC": "1"})


def written(site: Site, post: Mailbox, **headers: str) -> Chooser:
    seed, reader = Seed.new(), Reader(site.url, headers=headers)
    form = reader.get("/forms/get-in-touch")
    sent = reader.post(
        "/forms/get-in-touch",
        [
            ("nonce", form.inputs("nonce")[0]),
            *(("name", seed.name), ("email", seed.email), ("website", seed.website)),
        ],
    )
    assert "Thank you" in sent.words
    asked = reader.send(reader.get("/preferences/"), ("email", seed.email))
    assert asked.status == 200
    return Chooser(site, reader, seed, _link(post, seed.email))


def _link(post: Mailbox, address: str) -> str:
    with post.arrived:
        arrived = post.arrived.wait_for(lambda: bool(_links(post, address)), 60)
    assert arrived, "no mail with the link arrived"
    return _links(post, address)[0]


def _links(post: Mailbox, address: str) -> list[str]:
    found = []
    for received in post.received:
        if address in received.recipients:
            body = received.message.get_body(("plain",))
            text = body.get_content() if body else ""
            found += [
                urlsplit(url).path for url in re.findall(r"https?://\S+/preferences/[^\s)>]+", text)
            ]
    return found
