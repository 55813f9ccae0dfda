"""The drill: back up, erase a thousand people, restore. They stay erased; the others are whole."""

from __future__ import annotations

from backup.conftest import crowd
from backup.dying import WHOLE
from core.conftest import WORKER, Company
from support.seeded import Seed, assert_nowhere
from troth.core.gate import uses
from troth.core.gate.purging import PURGE
from troth.core.keyring.models import Key
from troth.core.keyring.store import destroy_person_keys
from troth.core.ledger.api import sequence, verify
from troth.core.people.models import Element, Person
from troth.hub.backup.making import make
from troth.hub.backup.restoring import restore
from troth.hub.home import Home

EMAIL = "user.contact.email"
ERASED = {"sqlite": 1_000, "postgres": 1_000 if WHOLE else 250}


def test_who_was_erased_after_the_backup_stays_erased(company: Company, home: Home) -> None:
    count = ERASED["sqlite" if company.server is None else "postgres"]
    seed, others = Seed.new(), [f"other{n}@marsh.example" for n in range(3)]
    staying = [company.visitor_writes(email) for email in others]
    going = [*crowd(count - 1), company.visitor_writes(seed.email, name=seed.name).pk]
    keys = set(Key.objects.filter(owner__among=going).values_list("pk", flat=True))
    wrapped = [
        bytes(one) for one in Key.objects.filter(pk__among=keys).values_list("wrapped", flat=True)
    ]
    made = make(home.folder / "drill.backup")
    # What a purge does, without looking for what is kept of them by digest: of these, nothing is.
    destroy_person_keys(going, company.organisation.pk, act=PURGE)
    Person.objects.filter(pk__among=going).delete()
    later = company.visitor_writes("later@marsh.example")  # not in the backup

    restored = restore(made.path, force=True)

    assert restored.again.people == {company.organisation.pk: count}
    assert restored.again.keys == count
    assert not Person.objects.filter(pk__among=[*going, later.pk]).exists()
    assert not Key.objects.filter(pk__in=list(keys)[:500]).exists()
    assert set(Person.objects.values_list("pk", flat=True)) == {person.pk for person in staying}
    for person, email in zip(staying, others, strict=True):
        with uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]):
            assert Element.objects.get(person=person, category=EMAIL).value == email
    sequence()
    assert verify(company.organisation).holds
    made.path.unlink()
    assert_nowhere([seed.email, seed.name], home.folder)
    if company.server is None:
        raw = b"".join(path.read_bytes() for path in home.folder.glob("*.sqlite3*"))
        assert not [one for one in wrapped if one in raw], "a destroyed key is in a file"
    else:
        for name in (company.database, company.database.replace("main", "keyring")):
            where = f"SELECT oid FROM pg_database WHERE datname = '{name}'"
            for (oid,) in company.server.execute(where):
                assert_nowhere([seed.email, seed.name], company.server.folder / f"data/base/{oid}")
