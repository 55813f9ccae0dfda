"""The pages of retention: what goes, a run that waits, holds, and the end of a contract."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from console.cast import Company, words
from troth.channels.campaigns.models import Undeliverable
from troth.core.people.models import Element, Person
from troth.core.retention import running
from troth.core.retention.api import Closing, Hold, Run

URL = "/console/retention"
DAY = timedelta(days=1)


@pytest.fixture
def old(comm100: Company) -> Company:
    """Its customers last wrote three years ago."""
    long_ago = datetime.now(UTC) - 1100 * DAY
    people = [one.person.pk for one in comm100.customers]
    Person.objects.filter(pk__in=people).update(last_contact_at=long_ago)
    Element.objects.filter(person__in=people).update(collected_at=long_ago)
    return comm100


def test_the_overview_says_what_goes_and_why(old: Company) -> None:
    page = old.owner.reads(URL)
    assert "2 years after last contact" in page
    assert "What goes within a month" in page
    assert "There was none yet" in page
    assert old.owner.reads("/console/").count("Retention")


def test_too_much_waits_to_be_confirmed_and_then_is_reported(
    old: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "FEW", 1)
    before = Element.objects.count()
    answer = old.owner.post(f"{URL}/start")
    run = Run.objects.get()
    assert answer["Location"] == f"{URL}/runs/{run.ref}"
    assert "waits to be confirmed" in old.owner.reads("/console/")
    assert "A run waits for you" in old.owner.reads(URL)
    assert "Nothing was done yet" in old.owner.reads(answer["Location"])
    assert Element.objects.count() == before
    assert old.owner.post(answer["Location"]).status_code == 302
    report = old.owner.reads(answer["Location"])
    assert "Done" in report
    assert Element.objects.count() < before
    assert "Done" in old.owner.reads(URL)
    assert old.owner.post(answer["Location"]).status_code == 400, "it is done once"


def test_a_hold_is_set_and_lifted(old: Company) -> None:
    who = old.customers[0].person
    until = (datetime.now(UTC) + 30 * DAY).date().isoformat()
    given = {"ground": "claim", "ends_on": until}
    page = old.owner.post(f"{URL}/holds", **given)
    assert page.status_code == 422
    assert "Say what it covers" in words(page)
    yesterday = (datetime.now(UTC) - DAY).date().isoformat()
    over = old.owner.post(f"{URL}/holds", **(given | {"ends_on": yesterday, "person": who.ref}))
    assert "over already" in words(over)
    assert old.owner.post(f"{URL}/holds", **given, person=who.ref).status_code == 302
    assert f"Person {who.ref[:6]}" in old.owner.reads(f"{URL}/holds")
    assert "1 hold" in old.owner.reads(URL)
    hold = Hold.objects.get()
    assert old.owner.post(f"{URL}/holds/{hold.ref}/lift").status_code == 302
    assert "No hold stands" in old.owner.reads(f"{URL}/holds")


def test_the_end_of_a_contract_is_noted(old: Company) -> None:
    customer = old.customers[0]
    assert "Note an end" in old.owner.reads(f"{customer.url}/ended")
    later = (datetime.now(UTC) + 9 * DAY).date().isoformat()
    given = {"what": "contract", "purpose": ""}
    assert old.owner.post(f"{customer.url}/ended", **given, on=later).status_code == 422
    assert old.owner.post(f"{customer.url}/ended", **given, on="2026-01-31").status_code == 302
    assert Closing.objects.get().at == datetime(2026, 1, 31, tzinfo=UTC)


def test_where_somebody_stands_is_noted_by_hand(old: Company) -> None:
    customer = old.customers[0]
    url = f"{customer.url}/standing"
    assert "Prospective client" in old.owner.reads(url)
    assert old.owner.post(url, standing="friend").status_code == 422
    assert old.owner.post(url, standing="former").status_code == 302
    assert Closing.objects.get().what == "contract"
    assert "Former client" in old.owner.reads(customer.url)
    assert old.owner.post(url, standing="current").status_code == 302
    assert not Closing.objects.exists()
    assert old.agent.get(url).status_code == 403


def test_an_address_that_bounces_is_stale(comm100: Company) -> None:
    url = f"{URL}/outdated"
    assert "No address is stale" in comm100.owner.reads(url)
    mine = Element.objects.filter(category="user.contact.email")
    address = mine.filter(person=comm100.customers[0].person).first()
    assert address is not None
    Undeliverable.objects.create(
        index=bytes(address.index or b""), reason="bounced", at=datetime.now(UTC)
    )
    assert "These 1 address may go" in comm100.owner.reads(url)
    assert comm100.owner.post(url, what="stale").status_code == 422
    assert mine.filter(pk=address.pk).exists()
    before = mine.count()
    new = mine.exclude(pk=address.pk).first()
    shown = f"{address.pk.hex} "
    assert f'name="shown" value="{shown}"' in comm100.owner.get(url).content.decode()
    assert new is not None
    Undeliverable.objects.create(
        index=bytes(new.index or b""), reason="bounced", at=datetime.now(UTC)
    )
    sent = {"what": "stale", "confirmed": "on", "shown": shown}
    assert comm100.owner.post(url, **sent).status_code == 302
    assert mine.filter(pk=new.pk).exists(), "what nobody has seen stays"
    assert mine.count() == before - 1
    assert comm100.owner.post(url, **sent).status_code == 400
    assert comm100.agent.get(url).status_code == 403


def test_it_is_for_who_may_erase(old: Company) -> None:
    for other in (old.agent, old.marketing, old.auditor):
        assert other.get(URL).status_code == 403
        assert other.post(f"{URL}/start").status_code == 403
        assert other.get(f"{URL}/holds").status_code == 403
    assert not Run.objects.exists()
    assert old.owner.get(f"{URL}/runs/{'0' * 32}").status_code == 404
