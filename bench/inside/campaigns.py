"""Campaigns measured: sent by two processes, by Django itself, and pipelined by hand."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psutil
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.db import connections

from bench import mailing
from bench.figure import Pair
from troth.channels.campaigns import content, queries
from troth.channels.campaigns.models import Campaign, Copy
from troth.channels.campaigns.sending.claiming import Claim
from troth.channels.campaigns.sending.writing import Written, written
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope

SENDERS: Final = 2
ROUNDS: Final = 3
FEWER: Final = 4
"""The peer sends a quarter as many messages as we do, since it takes longer for each."""


def measure(count: str, port: str) -> dict[str, Any]:
    """Messages a second and CPU seconds a message: ours, Django's, and the floor."""
    number, cpu = int(count), Pair([], [])
    rates, floor = Pair([], []), list[float]()
    with scope(Organisation.objects.get()):
        people = mailing.people(number)
        with _senders() as processes:
            for turn in range(ROUNDS + 1):
                ours, ours_cpu = _ours(number, processes)
                letter, copy = _letter()
                peer, peer_cpu = _django(letter, int(port), number // FEWER)
                by_hand = _by_hand(letter, copy, int(port), number)
                if turn:
                    rates.ours.append(ours)
                    rates.peer.append(peer)
                    cpu.ours.append(ours_cpu)
                    cpu.peer.append(peer_cpu)
                    floor.append(by_hand)
        assert len(people) == number
    middle = sorted(floor)[len(floor) // 2]
    return {
        "ours": rates.value,
        "peer": rates.peers,
        "ratio": rates.ours_to_peer,
        "ours_cpu": cpu.value,
        "peer_cpu": cpu.peers,
        "floor": middle,
    }


@contextmanager
def _senders() -> Iterator[list[psutil.Process]]:
    """Two sending processes that wait for something to do."""
    command = [sys.executable, "-m", "troth.channels.campaigns.cli", "send"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "troth.hub.settings"}
    started = [subprocess.Popen(command, env=environment) for _ in range(SENDERS)]
    time.sleep(6)  # until they are up: starting is not sending
    try:
        yield [psutil.Process(one.pid) for one in started]
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.wait(30)


def _ours(number: int, processes: list[psutil.Process]) -> tuple[float, float]:
    """From the moment the copies are there until the last one's state is written down."""
    before = _cpu(processes)
    campaign = mailing.campaign()
    while queries.by_ref(campaign.ref).state != Campaign.State.DONE:
        time.sleep(0.1)
    done = queries.by_ref(campaign.ref)
    assert queries.progress(done).states == {"accepted": number}
    assert done.finished_at is not None
    assert done.frozen_at is not None
    seconds = (done.finished_at - done.frozen_at).total_seconds()
    return number / seconds, (_cpu(processes) - before) / number


def _cpu(processes: list[psutil.Process]) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in processes)


def _letter() -> tuple[Written, Claim]:
    copy = Copy.objects.select_related("campaign", "person").order_by("-pk")[0]
    return written(copy.campaign), Claim(copy.pk, copy.person_id, copy.person.ref, "a")


def _django(letter: Written, port: int, number: int) -> tuple[float, float]:
    """The same letter through Django's `send_messages`, over one connection, not signed."""
    words = content.letter(
        purpose=mailing.PURPOSE,
        subjects=[mailing.SUBJECT],
        body=mailing.BODY,
        markup="markdown",
        footer=content.footer(mailing.PURPOSE),
    )
    backend = EmailBackend(host="127.0.0.1", port=port)
    begun, cpu = time.perf_counter(), time.process_time()
    messages = []
    for one in range(number):
        values = {"name": f"Person {one}", content.UNSUBSCRIBE: f"{letter.base}/u/{one}-{'0' * 20}"}
        values[content.PREFERENCES] = f"{letter.base}/preferences/{one}-{'0' * 60}"
        message = EmailMultiAlternatives(
            content.fill(words.subjects["a"], values),
            content.fill(words.text, values),
            letter.sender,
            [f"p{one}@people.example"],
            headers={
                "List-Unsubscribe": f"<{values[content.UNSUBSCRIBE]}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
        message.attach_alternative(content.fill(words.html, values, escape=True), "text/html")
        messages.append(message)
    assert backend.send_messages(messages) == number
    seconds, used = time.perf_counter() - begun, time.process_time() - cpu
    return number / seconds, used / number


def _by_hand(letter: Written, copy: Claim, port: int, number: int) -> float:
    """One message made beforehand, sent again and again on one pipelined connection."""
    raw = letter.message(copy, {"@": "p0@people.example", "name": "Person 0"}, follow=False)
    envelope = b"MAIL FROM:<a@harbour.example>\r\nRCPT TO:<p0@people.example>\r\nDATA\r\n"
    with socket.create_connection(("127.0.0.1", port)) as server:
        heard = server.makefile("rb")
        heard.readline()
        server.sendall(b"EHLO bench\r\n")
        while heard.readline()[3:4] == b"-":
            pass
        packet = raw + b".\r\n" + envelope
        begun = time.perf_counter()
        server.sendall(envelope)
        for _ in range(number):
            for _ in range(3):
                heard.readline()
            server.sendall(packet)
            assert heard.readline().startswith(b"250")
        seconds = time.perf_counter() - begun
    connections.close_all()
    return number / seconds
