"""Nobody finds a yes that they did not say: over the pages and forms of all five companies."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.conftest import Company
from troth.core.actors import Actor
from troth.core.gate.collecting import collect
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.core.people.records import Given
from troth.hub.public.mailing import link_of

COMPANIES = ["com1", "comantra", "comindware", "comintech", "comm100"]
FIVE = pytest.mark.parametrize("company", COMPANIES, indirect=True)


class Ticks(HTMLParser):
    """The boxes of a page that are ticked, and all of its boxes, as name and value."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.boxes: list[tuple[str, str]] = []
        self.ticked: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("type") in ("checkbox", "radio"):
            box = (found.get("name", ""), found.get("value", "on"))
            self.boxes.append(box)
            self.ticked += [box] if "checked" in found else []
        if tag == "option" and "selected" in found:
            self.ticked += [("option", found["value"])] if found.get("value") else []


def page(address: str) -> Ticks:
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return Ticks(answer.content.decode())


@FIVE
def test_no_form_is_filled_in_for_anybody(company: Company) -> None:
    forms = [
        f"/forms/{key.removeprefix('forms.')}"
        for key, point in current().rules.touchpoints.items()
        if key.startswith("forms.") and point.fields
    ]
    assert forms
    found = {address: page(address) for address in (*forms, "/account/register/")}
    assert any(one.boxes for one in found.values()), "no box was found, so this proves nothing"
    assert {address: one.ticked for address, one in found.items() if one.ticked} == {}


def newcomer() -> Person:
    """Somebody who wrote to the company and chose nothing."""
    given = [Given("email", "user.contact.email", "ada@marsh.example")]
    with (
        transaction.atomic(),
        collect(
            actor=Actor.visitor(), touchpoint="forms.contact", data=["user.contact.email"]
        ) as place,
    ):
        found = place.person(given)
        place.hold(found, given)
    return found


@FIVE
def test_only_what_lets_people_say_no_is_on_before_they_chose(company: Company) -> None:
    rules = current().rules
    shares = {
        f"{purpose}:to.{party}": share.choice
        for share in rules.policy.shares
        for purpose in share.purposes
        for party in share.recipients
    }
    found = page(link_of(newcomer()))
    assert found.boxes
    ticked = [value for _, value in found.ticked]
    bases = [
        shares[value] if value in shares else rules.purposes[value.partition(":")[0]].basis
        for value in ticked
    ]
    assert dict(zip(ticked, bases, strict=True)) == dict.fromkeys(ticked, "opt-out")
