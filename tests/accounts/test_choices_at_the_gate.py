"""What two companies promise about partners: each switch, and the browser's own, is the gate's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from accounts.conftest import Company
from support.bonds import bonds
from troth.core import clock
from troth.core.actors import Actor
from troth.core.gate import uses
from troth.core.gate.collecting import collect
from troth.core.gate.denials import UseDenied
from troth.core.people.models import Person
from troth.core.people.records import Given
from troth.core.recipients.entering import enter
from troth.core.recipients.foretelling import foretell
from troth.hub.public.mailing import link_of

EMAIL = "user.contact.email"
PHONE = "user.contact.phone_number"
LONG_AGO = timedelta(days=30)
WORKER = Actor.system("worker")


def gives(touchpoint: str, **texts: str) -> Person:
    """Somebody leaves their data at a touchpoint."""
    names = {"email": EMAIL, "phone": PHONE}
    given = [Given(name, names[name], text) for name, text in texts.items()]
    data = [item.category for item in given]
    with (
        transaction.atomic(),
        collect(actor=Actor.visitor(), touchpoint=touchpoint, data=data) as place,
    ):
        found = place.person(given)
        place.hold(found, given)
    return found


def goes(person: Person, purpose: str, to: str = "", category: str = EMAIL) -> bool:
    """Whether the person's data may be used, or may go to a recipient who was announced."""
    if to:
        with clock.at(clock.now() - LONG_AGO):
            foretell(person, actor=WORKER, to=to, purpose=purpose, way="mail")
    try:
        with (
            transaction.atomic(),
            uses.use(actor=WORKER, purpose=purpose, person=person, data=[category], to=to),
        ):
            return True
    except UseDenied:
        return False


def turn(person: Person, value: str, *, on: bool, **headers: str) -> None:
    """Turn one switch on the preference page and save."""
    browser, address = Client(headers=headers), link_of(person)
    page = browser.get(address).content.decode()
    assert f'value="{value}"' in page
    shown = set(re.findall(r'name="shown" value="([^"]+)"', page))
    version = re.findall(r'name="version" value="([^"]+)"', page)
    wanted = shown | {value} if on else shown - {value}
    sent = {"version": version, "shown": sorted(shown), "on": sorted(wanted)}
    assert browser.post(address, sent).status_code == 302


@pytest.mark.clause("comintech-25")
@pytest.mark.parametrize("company", ["comintech"], indirect=True)
def test_collection_and_onward_transfer_are_two_switches(company: Company) -> None:
    person = gives("accounts.profile", email="ada@marsh.example")
    assert not goes(person, "partner-mail")
    turn(person, "partner-mail", on=True)
    assert goes(person, "partner-mail")
    assert goes(person, "partner-mail", "marketing-partner")
    turn(person, "partner-mail:to.marketing-partner", on=False)
    assert goes(person, "partner-mail"), "the transfer was refused, not the purpose"
    assert not goes(person, "partner-mail", "marketing-partner")
    turn(person, "partner-mail:to.marketing-partner", on=True)
    assert goes(person, "partner-mail", "marketing-partner")
    turn(person, "partner-mail", on=False)
    assert not goes(person, "partner-mail")
    assert not goes(person, "partner-mail", "marketing-partner")


@pytest.mark.parametrize("company", ["comindware"], indirect=True)
def test_the_browsers_own_control_is_taken_as_a_no(company: Company) -> None:
    person = gives("forms.demo", email="ada@marsh.example")
    enter(bonds(["business-partner"]), actor=Actor.system("cli"))
    assert goes(person, "partner-offers", "business-partner")
    page = Client(headers={"sec-gpc": "1"}).get(link_of(person)).content.decode()
    assert "Your browser chose for you" in page
    assert not goes(person, "partner-offers", "business-partner")
    assert goes(person, "newsletter"), "their own news are no sale"
    turn(person, "partner-offers:to.business-partner", on=True, **{"sec-gpc": "1"})
    assert goes(person, "partner-offers", "business-partner"), "a yes to exactly this"


@pytest.mark.parametrize("company", ["comindware"], indirect=True)
def test_each_channel_is_chosen_by_itself(company: Company) -> None:
    person = gives("forms.demo", email="ada@marsh.example", phone="+44 1632 960001")
    assert goes(person, "newsletter")
    assert goes(person, "newsletter", category=PHONE)
    turn(person, "newsletter:phone", on=False)
    assert goes(person, "newsletter")
    assert not goes(person, "newsletter", category=PHONE)
    turn(person, "*:email", on=True)
    assert not goes(person, "newsletter")
    assert not goes(person, "partner-offers")
