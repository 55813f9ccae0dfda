"""SIGKILL at step boundaries of backup and restore: it is whole, or nothing was touched."""

from __future__ import annotations

from django.db import connections, transaction

from backup.dying import die_at, points
from core.conftest import WORKER, Company
from troth.core.gate import uses
from troth.core.gate.purging import purge_all
from troth.core.keyring.store import check_key, forget_singles
from troth.core.people.models import Element, Person
from troth.hub.backup import recovery
from troth.hub.backup.making import make
from troth.hub.backup.restoring import restore
from troth.hub.home import Home

EMAIL = "user.contact.email"
SQLITE, POSTGRES = 6, 3


def readable() -> set[str]:
    """The addresses of all people there are: each opens, or this raises."""
    forget_singles()
    check_key()
    found = set()
    for person in Person.objects.all():
        with uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]):
            found |= {str(e.value) for e in Element.objects.filter(person=person, category=EMAIL)}
    return found


def test_a_restore_that_is_killed_is_undone_or_finished(company: Company, home: Home) -> None:
    for name in ("ada", "bea"):
        company.visitor_writes(f"{name}@marsh.example")
    gone = company.visitor_writes("gone@marsh.example")
    made = make(home.folder / "kept.backup")
    with transaction.atomic():
        purge_all([gone.pk])
    company.visitor_writes("later@marsh.example")
    before = {f"{name}@marsh.example" for name in ("ada", "bea", "later")}
    after = before - {"later@marsh.example"}
    current = make(home.folder / "current.backup")

    steps = die_at(0, lambda: restore(made.path, force=True))
    assert readable() == after
    outcomes = set()
    for point in points(steps, SQLITE if company.server is None else POSTGRES):
        if readable() != before:
            restore(current.path, force=True)
        assert die_at(point, lambda: restore(made.path, force=True)) == -1, point
        connections.close_all()
        outcome = recovery.recover(home)
        outcomes.add(outcome)
        found = readable()
        assert found == (after if outcome == "finished" else before), (point, outcome)
        assert not recovery.journal(home).exists()
        assert not list(home.folder.glob("*.restoring*"))
    assert {"undone", "finished"} <= outcomes


def test_a_backup_that_is_killed_has_no_name_and_the_next_is_whole(
    company: Company, home: Home
) -> None:
    company.visitor_writes("ada@marsh.example")
    path = home.folder / "kept.backup"
    steps = die_at(0, lambda: make(path))
    path.unlink()
    for point in points(steps, SQLITE if company.server is None else POSTGRES):
        assert die_at(point, lambda: make(path)) == -1
        assert not path.exists()
    connections.close_all()
    make(path)
    assert not (home.folder / "backup.room").exists()
    restore(path, force=True)
    assert readable() == {"ada@marsh.example"}
