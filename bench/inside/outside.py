"""Requests that reach a shop's database of a million rows, through the whole engine."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final
from uuid import uuid4

import psycopg
from django.db import transaction

from troth.core.actors import Actor
from troth.core.connect import adding
from troth.core.connect.sources import source_of
from troth.core.gate.collecting import collect
from troth.core.ledger.api import sequence
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.core.people.models import Person
from troth.core.people.records import Given
from troth.core.rights import api as rights
from troth.core.rights.sources import Subject, sources
from troth.core.rights.subjects import subject_of

CUSTOMERS: Final = 10_000
WORKERS: Final = 2
CLI: Final = Actor.system("cli")
SHOP: Final = """
CREATE TABLE address (id integer PRIMARY KEY, street varchar(80), city varchar(40));
CREATE TABLE customer (id integer PRIMARY KEY, email varchar(120) NOT NULL, name varchar(60) NOT
 NULL, phone varchar(30), address_id integer REFERENCES address(id));
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customer(id),
 note text);
CREATE TABLE order_item (order_id integer REFERENCES orders(id), line integer, engraving
 varchar(40), quantity integer, PRIMARY KEY (order_id, line));
CREATE TABLE visit (id integer PRIMARY KEY, customer_id integer REFERENCES customer(id),
 ip varchar(45), browser text);
INSERT INTO address SELECT n, n || ' Some Street', 'Town ' || n % 97 FROM
 generate_series(1, {count}) n;
INSERT INTO customer SELECT n, 'Person' || n || '@shop.example', 'Person ' || n, '+1 555 ' || n, n
 FROM generate_series(1, {count}) n;
INSERT INTO orders SELECT c * 18 + o, c, 'Leave it at the door, says person ' || c FROM
 generate_series(1, {count}) c, generate_series(0, 17) o;
INSERT INTO order_item SELECT c * 18 + o, l, 'To ' || c, l FROM generate_series(1, {count}) c,
 generate_series(0, 17) o, generate_series(1, 4) l WHERE l < 4 OR o < 6;
INSERT INTO visit SELECT c * 20 + v, c, '192.0.2.' || v, 'Mozilla/5.0 and so on' FROM
 generate_series(1, {count}) c, generate_series(0, 19) v;
CREATE INDEX ON customer (lower(email));
CREATE INDEX ON customer (address_id);
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON visit (customer_id);
ANALYZE;
"""


def measure(shop: str, people: str, rounds: str) -> dict[str, Any]:
    """Seconds for one access request and one erasure, and requests a second of many."""
    count, each = int(people), int(rounds)
    with psycopg.connect(shop, autocommit=True) as connection:
        for statement in SHOP.format(count=CUSTOMERS).split(";"):
            if statement.strip():
                connection.execute(statement)
        rows = sum(
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("address", "customer", "orders", "order_item", "visit")
        )
    with scope(Organisation.objects.get()):
        text = Path(__file__).parents[1].joinpath("shop.yml").read_text("utf-8")
        row = adding.add("shop", shop, text, actor=CLI)
        stopping = [one for one in adding.check(row) if one.stops != "nothing"]
        assert not stopping, stopping
        known = [_person(number) for number in range(1, count + 1)]
        source = source_of(row)
        first = _subject(1)
        held = list(source.found(first))
        _accessed(known[0])  # what is made once in a process is made
        access = [_timed(lambda one=one: parts(one)) for one in known[1 : each + 1]]
        packed = [_timed(lambda one=one: _accessed(one)) for one in known[1 : each + 1]]
        found = [_timed(lambda: list(source.found(first))) for _ in range(each)]
        queued, cpu = _queued(count)
        erase = [_timed(lambda one=one: _erased(one)) for one in known[1 : each + 1]]
        alone = []
        for number in range(each + 2, 2 * each + 2):
            who = _subject(number)
            alone.append(_timed(lambda who=who: _outside(source, who)))
        sequence()
    with psycopg.connect(shop, autocommit=True) as connection:
        asked = "SELECT count(*) FROM customer WHERE email LIKE '%@shop.example'"
        left = connection.execute(asked).fetchone()[0]
    assert left == CUSTOMERS - 2 * each, left
    return {
        "rows": rows,
        "fields": len(held),
        "access": median(access),
        "packed": median(packed),
        "found": median(found),
        "queued": queued,
        "cpu": cpu,
        "erase": median(erase),
        "alone": median(alone),
    }


def _queued(count: int) -> tuple[float, float]:
    """Requests a second that two workers deal with, and CPU seconds of theirs for each."""
    command = [sys.executable, "-m", "bench.inside", "queued"]
    share = count // WORKERS
    started = [
        subprocess.Popen(
            [*command, str(number * share), str((number + 1) * share)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(WORKERS)
    ]
    for one in started:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    begun = time.perf_counter()
    for one in started:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    ended = [json.loads(one.communicate()[0].splitlines()[-1]) for one in started]
    seconds = time.perf_counter() - begun
    done = sum(one["done"] for one in ended)
    assert done == share * WORKERS
    return done / seconds, sum(one["cpu"] for one in ended) / done


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _person(number: int) -> Person:
    given = [
        Given("name", "user.name", f"Person {number}"),
        Given("email", "user.contact.email", f"person{number}@shop.example"),
        Given("message", "user.content.private", "Where is my order?"),
    ]
    data = [item.category for item in given]
    with (
        transaction.atomic(),
        collect(actor=Actor.visitor(), touchpoint="forms.contact", data=data) as collecting,
    ):
        person = collecting.person(given)
        collecting.hold(person, given)
    return person


def _subject(number: int) -> Subject:
    names = {"user.contact.email": (f"person{number}@shop.example",)}
    return Subject(uuid4(), None, "", names)


def _asked(kind: str, person: Person) -> rights.Request:
    me = Actor("person", person.ref, person_id=person.pk)
    request = rights.ask(kind, actor=me, way="account", person=person)
    rights.approve(request, actor=me)
    rights.fulfil(request, actor=CLI)
    request.refresh_from_db()
    assert request.state == request.State.DONE, (request.state, kind)
    return request


def parts(person: Person) -> None:
    """Request in, all that goes into the package there, from every source."""
    subject = subject_of(_asked("access", person))
    assert [one for source in sources() for one in source.found(subject)]


def _accessed(person: Person) -> None:
    """Request in, package out."""
    assert b"PK" in rights.package(_asked("access", person))


def _erased(person: Person) -> None:
    _asked("deletion", person)


def _outside(source: Any, who: Subject) -> None:
    assert source.run("erase", "deletion", who, {}) == 100
    assert source.check("deletion", who, {}) == []
