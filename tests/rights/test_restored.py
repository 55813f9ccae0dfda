"""A restored backup is older than the erasure: it is done again, and keeps what a law keeps."""

from __future__ import annotations

import shutil

import pytest
from django.db import connections

from rights.conftest import EMAIL, NAME, SHOP, WORKER, Company, done
from troth.core.choices.suppression import suppressed
from troth.core.gate import uses
from troth.core.keyring import erasures
from troth.core.keyring.models import Key
from troth.core.people.models import Element, Person
from troth.hub.backup.replaying import replay

ADA, BEA = "ada@marsh.example", "bea@marsh.example"


@pytest.mark.parametrize("company", ["sqlite"], indirect=True)
def test_an_erasure_is_done_again_after_a_restore(company: Company) -> None:
    company.writes(ADA)
    buyer, writer = company.buys(ADA), company.writes(BEA, name="Bea Marsh")
    stays = company.writes("cy@marsh.example", name="Cy Marsh")
    log = erasures.path()
    assert log is not None
    mark = erasures.head(log)
    backup = company.folder / "backup"
    backup.mkdir()
    names = ("main.sqlite3", "keyring.sqlite3")
    for alias, name in zip(("default", "keyring"), names, strict=True):
        with connections[alias].cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(backup / name)])
    for person in (buyer, writer):
        assert done("deletion", person).state == "done"
    connections.close_all()
    for name in names:
        for left in company.folder.glob(f"{name}*"):
            left.unlink()
        shutil.copyfile(backup / name, company.folder / name)
    assert Element.objects.filter(person=writer).exists(), "the backup has them"
    again = replay(log, mark)
    assert again.people[company.organisation.pk] == 2
    assert not Person.objects.filter(pk=writer.pk).exists()
    kept = Element.objects.filter(person=buyer)
    assert {(one.touchpoint, one.locked_at is None) for one in kept} == {(SHOP, False)}
    assert Key.objects.filter(owner=buyer.pk).count() == 1
    with uses.use(actor=WORKER, purpose="legal", person=buyer, data=[NAME]):
        assert "Ada Invoice" in {one.value for one in kept}
    with uses.use(actor=WORKER, purpose="support", person=stays, data=[EMAIL]):
        assert Element.objects.get(person=stays, category=EMAIL).value == "cy@marsh.example"
    with uses.search(actor=WORKER, purpose="support", category=EMAIL):
        assert suppressed(EMAIL, ADA)
        assert suppressed(EMAIL, BEA)
