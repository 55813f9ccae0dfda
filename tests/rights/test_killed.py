"""Erasure killed at every boundary of its steps, and inside them: it goes on and leaves nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connections

from rights.conftest import Company, asked
from support.databases import open_anew
from troth.core.keyring.models import Key
from troth.core.ledger.api import sequence, verify
from troth.core.organisations.scope import everywhere
from troth.core.people.models import Element, Person
from troth.core.rights import api as rights, running
from troth.core.rights.own import erasing
from troth.core.rights.upkeep import Upkeep
from troth.core.sealing.sealed import Sealed

SEEDED = ("ada.killed@marsh.example", "Ada Marsh", "Ada Invoice", "1 Quay Street", "token-4711")
STEPS = ("identify", "plan", "keys", "rows", "tell", "check")
POINTS = (
    *(f"{side} {name}" for name in STEPS for side in ("before", "after")),
    *("keys were made for what stays", "what stays is sealed anew, keys not destroyed"),
    *("keys destroyed, step not noted", "some rows gone"),
)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def killed_at(point: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the process kill itself at that point."""

    def after(module: Any, name: str) -> None:
        real: Callable[..., Any] = getattr(module, name)

        def run(*args: Any, **options: Any) -> Any:
            real(*args, **options)
            die()

        monkeypatch.setattr(module, name, run)

    real_step = running._do

    def step(one: Any, request: Any) -> int:
        if point == f"before {one.name}":
            die()
        rows = real_step(one, request)
        if point == f"after {one.name}":
            die()
        return rows

    monkeypatch.setattr(running, "_do", step)
    if point == POINTS[-4]:
        after(erasing, "make_person_keys")
    elif point == POINTS[-3]:
        after(erasing, "keys_left")
    elif point == POINTS[-2]:
        after(erasing, "destroy_person_keys")
    elif point == POINTS[-1]:
        after(erasing, "end")
    yield


def in_a_child(point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have another process do the work until it is killed there."""
    connections.close_all()  # a child must not use its parent's
    child = os.fork()
    if not child:
        try:
            open_anew()
            with killed_at(point, monkeypatch):
                Upkeep()()
        finally:
            os._exit(0)  # it lived
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"nothing was killed at: {point}"


ORDER = (
    *("before identify", "after identify", "before plan", "after plan", "before keys"),
    *POINTS[-4:-1],
    *("after keys", "before rows", POINTS[-1], "after rows"),
    *("before tell", "after tell", "before check", "after check"),
)


def test_an_erasure_killed_anywhere_goes_on(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(ORDER) == set(POINTS)
    address, *_ = SEEDED
    company.writes(address)
    person = company.buys(address)
    other = company.writes("bea@marsh.example", name="Bea Marsh")
    company.tells_the_yard(person)
    keys = Key.objects.filter(owner=person.pk)
    wrapped = [bytes(one) for one in keys.values_list("wrapped", flat=True)]
    held = Element.objects.filter(person=person)
    indexes = [bytes(one) for one in held.values_list("index", flat=True) if one]
    request = asked("deletion", person)
    for point in ORDER:
        in_a_child(point, monkeypatch)
        request.refresh_from_db()
        assert request.state == "running", f"it is called {request.state} after: {point}"
    Upkeep()()
    request.refresh_from_db()
    assert request.state == "done"
    assert all(step.state == "done" for step in request.steps.all())
    assert {step.name: step.tries for step in request.steps.all()}["keys"] >= 5
    assert Element.objects.filter(person=person, locked_at__isnull=False).count() == 2
    assert rights.tellings_due().count() == 1
    assert Person.objects.filter(pk=other.pk).exists()
    sequence()
    assert not verify(company.organisation).problems
    nothing_is_left([text.encode() for text in SEEDED] + wrapped + indexes, company)


def nothing_is_left(secrets: list[bytes], company: Company) -> None:
    """Neither a table nor a file holds a seeded value, an index of one, or a destroyed key."""
    with everywhere("the scan looks at all tables"):
        for model in apps.get_models(include_auto_created=True):
            for row in model._base_manager.all():
                for field in row._meta.concrete_fields:
                    value = row.__dict__.get(field.attname)
                    raw = value.raw if isinstance(value, Sealed) else value
                    text = bytes(raw) if isinstance(raw, bytes | memoryview) else str(raw).encode()
                    for secret in secrets:
                        assert secret not in text, f"{row._meta.label}.{field.name}"
    if company.urls[0].startswith("sqlite"):
        for alias in ("default", "keyring"):
            connections[alias].close()
        for file in company.folder.iterdir():
            content = file.read_bytes()
            assert not [secret for secret in secrets if secret in content], file.name


def test_the_scan_finds_what_is_there(company: Company) -> None:
    person = company.writes(SEEDED[0])
    [wrapped] = Key.objects.filter(owner=person.pk).values_list("wrapped", flat=True)
    with pytest.raises(AssertionError, match="wrapped"):
        nothing_is_left([bytes(wrapped)], company)
