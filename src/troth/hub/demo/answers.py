"""What a human of the demo writes into a form of the policy."""

from __future__ import annotations

from random import Random
from typing import Final

from troth.channels.forms.fields import asked
from troth.core.people.records import Given
from troth.hub.demo.cast import Human
from troth.policy import Field, Touchpoint

SECRET: Final = "user.authorization"  # noqa: S105 - a data category

ABOUT: Final = {
    "forms.contact": (
        "Since this morning I am asked to log in twice. Is something wrong with my account?",
        "Could you tell me how to add a colleague? I looked in the settings and did not find it.",
        "The last invoice has our old name on it. Can you send it again with the new one?",
        "Thank you for the quick help last week. Does the same thing work on a phone, too?",
        "We move to another office next month. What do we have to change with you?",
        "I would like to know what you hold about me, and since when.",
        "Is there a way to see all past conversations in one list?",
        "Your page says the service was down for an hour on Tuesday. Was our data affected?",
    ),
    "forms.get-in-touch": (
        "We are eleven people and answer about forty mails a day. Which plan would suit us?",
        "A friend recommended you. What would it cost for a team of five?",
        "We want to move from another product this spring. Do you help with that?",
        "Can it be used in two languages at once?",
    ),
    "forms.demo": (
        "We plan the work of three teams and lose sight of it. Please show us the overview.",
        "How do approvals work? That is what matters most to us.",
        "I would like to see how a project is set up from nothing.",
    ),
    "forms.partner": (
        "We build web sites for small shops and would like to recommend you to them.",
        "We look after the computers of forty practices and could resell your service.",
    ),
    "forms.appointment": (
        "My computer has become slow since the last update. An hour should do.",
        "I would like help with moving everything to a new machine.",
        "The printer is found by one computer and not by the other.",
    ),
    "forms.drop-off": (
        "It no longer starts. The light blinks three times, then nothing.",
        "The screen stays dark, yet I can hear it run.",
        "A glass of water went over the keys. Please save the photographs.",
    ),
}
THINGS: Final = ("Laptop, grey, 14 inch", "Desktop computer with screen", "Tablet with charger")


def answers(touchpoint: Touchpoint, human: Human, choose: Random, slot: str = "") -> list[Given]:
    """Everything required, and about half of what is optional."""
    found = []
    for field in asked(touchpoint):
        if field.category.startswith(SECRET) or not (field.required or choose.random() < 0.5):  # noqa: PLR2004 - half
            continue
        text = slot if field.key == "slot" else _answer(touchpoint.key, field, human, choose)
        if text:
            found.append(Given(field.key, field.category, text[: field.max_length]))
    return found


def _answer(place: str, field: Field, human: Human, choose: Random) -> str:
    if field.options:
        return choose.choice(field.options)
    known = {
        "user.name": human.name,
        "user.contact.email": human.email,
        "user.contact.phone_number": human.phone,
        "user.contact.address": human.address,
        "user.contact.organization": human.company,
        "user.contact.url": human.website,
        "user.account.username": human.username,
        "user.government_id": f"TX-{choose.randrange(10**8):08d}",
        "user.job_title": human.job,
        "user.workplace": human.trade,
        "user.device": choose.choice(THINGS),
        "user.device.device_id": f"SN-{choose.randrange(10**8):08d}",
    }
    if field.category in known:
        return known[field.category]
    if field.category.startswith("user.content"):
        return choose.choice(ABOUT.get(place, ABOUT["forms.contact"]))
    return ""
