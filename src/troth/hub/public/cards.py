"""The forms of a site as cards, built from the policy's touchpoints that a visitor may fill in."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from troth.channels.domains.api import AT as DOMAINS, offered as domains_offered
from troth.channels.referral.api import INVITE, works
from troth.channels.remote import api as remote
from troth.kit.words import listing
from troth.policy import Rules, Touchpoint

FORMS = "forms."
PAGES = {INVITE: "referral:form", DOMAINS: "domains:order", remote.PLACE: "remote:enter"}
"""Touchpoints that a page of another part is for."""


@dataclass(frozen=True, slots=True)
class Card:
    """One form: where it is, what it asks and what for."""

    key: str
    title: str
    url: str
    clause: str
    text: str
    asks: str
    optional: str
    purposes: str


def cards(rules: Rules) -> list[Card]:
    """A card for each form of the policy that asks a person for something."""
    return [
        _card(rules, touchpoint)
        for key, touchpoint in rules.touchpoints.items()
        if (key.startswith(FORMS) and touchpoint.fields)
        or (key == INVITE and works(touchpoint))
        or (key == DOMAINS and domains_offered())
        or (key == remote.PLACE and remote.find() is not None)
    ]


def _card(rules: Rules, touchpoint: Touchpoint) -> Card:
    key = touchpoint.key
    labels = {
        need: [_plain(field.label) for field in touchpoint.fields if field.required is need]
        for need in (True, False)
    }
    purposes = [rules.purposes[key] for key in touchpoint.purposes if key in rules.purposes]
    asked = [p.label for p in purposes if p.basis != "prohibited"]
    return Card(
        touchpoint.key,
        touchpoint.title,
        _url(key),
        touchpoint.clause,
        touchpoint.text,
        listing(labels[True] or ["a code that an agent gives you"] * (key == remote.PLACE)),
        listing(labels[False]),
        listing([_plain(label) for label in asked]),
    )


def _url(key: str) -> str:
    if key.startswith(FORMS):
        return reverse("forms:form", args=[key.removeprefix(FORMS)])
    return reverse(PAGES[key])


def _plain(label: str) -> str:
    """A label inside a sentence: `Your name` as `name`, `What happened?` in quotes."""
    if label.endswith("?"):
        return f"“{label}”"
    words = label.removeprefix("Your ").strip()
    return words if words[:2].isalpha() and words[:2].isupper() else words[:1].lower() + words[1:]
