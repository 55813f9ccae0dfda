"""The public record as RDAP (RFC 9083), with what is left out said as RFC 9537 has it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from troth.channels.domains.registry import Line, Record
from troth.kit import links

MEDIA_TYPE: Final = "application/rdap+json"
CONFORMS: Final = ("rdap_level_0", "redacted")
REASON: Final = "The owner did not choose to show it."
VCARD: Final = {
    "user.name": ("fn", "text", ""),
    "user.contact.organization": ("org", "text", ""),
    "user.contact.email": ("email", "text", ""),
    "user.contact.phone_number": ("tel", "uri", "tel:"),
    "user.contact.address": ("adr", "text", ""),
}
"""The property of a jCard (RFC 7095) that holds a category: its name and its type."""


def answer(record: Record) -> dict[str, Any]:
    """The domain object."""
    company = record.place.rules.policy.company
    owner = [one for one in record.lines if one.key != _technical(record)]
    found: dict[str, Any] = {
        "rdapConformance": list(CONFORMS),
        "lang": record.place.rules.policy.language,
        "objectClassName": "domain",
        "handle": record.handle,
        "ldhName": record.ascii,
        "unicodeName": record.unicode,
        "status": ["active" if record.entered else "pending create"],
        "events": _events(record),
        "links": [_link("self", reverse("domains:rdap", args=[record.ascii]))],
        "entities": [
            _entity(["registrant"], owner),
            {"objectClassName": "entity", "roles": ["registrar"], "vcardArray": _org(company.name)},
        ],
        "notices": [_notice(record)],
        "redacted": list(_redacted(record)),
    }
    if not record.other_contact:
        found["entities"][1]["roles"].append("technical")
    return found


def _technical(record: Record) -> str:
    return record.place.technical.key if record.place.technical else ""


def _events(record: Record) -> list[dict[str, str]]:
    happened = {
        "registration": record.entered_at or record.ordered_at,
        "last changed": record.changed_at,
    }
    return [{"eventAction": act, "eventDate": _date(at)} for act, at in happened.items()]


def _date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _entity(roles: list[str], lines: list[Line]) -> dict[str, Any]:
    """A person: only what is shown is in the card. `fn` has to be there and is empty if it is not
    (RFC 9537, section 3.1).
    """
    card: list[list[Any]] = [["version", {}, "text", "4.0"]]
    shown = {VCARD[one.category]: one.value for one in lines if one.value and one.category in VCARD}
    if not any(name == "fn" for name, _, _ in shown):
        card.append(["fn", {}, "text", ""])
    card += [[name, {}, kind, f"{before}{value}"] for (name, kind, before), value in shown.items()]
    return {"objectClassName": "entity", "roles": roles, "vcardArray": ["vcard", card]}


def _org(name: str) -> list[Any]:
    card = [["version", {}, "text", "4.0"], ["fn", {}, "text", name], ["kind", {}, "text", "org"]]
    return ["vcard", card]


def _notice(record: Record) -> dict[str, Any]:
    share = record.place.public
    words = [share.text.strip()] if share else []
    return {
        "title": "What is shown",
        "description": [*words, "All else is left out until its owner chooses to show it."],
        "links": [_link("terms-of-service", "/policy")],
    }


def _redacted(record: Record) -> Iterator[dict[str, Any]]:
    """One entry for each field that is not shown (RFC 9537, section 4.2)."""
    for line in record.lines:
        if line.value is not None or line.category not in VCARD:
            continue
        name = VCARD[line.category][0]
        technical = line.key == _technical(record)
        if technical and not record.other_contact:
            continue
        role = "technical" if technical else "registrant"
        path = f"$.entities[?(@.roles[0]=='{role}')]"
        found: dict[str, Any] = {
            "name": {"description": f"{role.capitalize()}: {line.label}"},
            "reason": {"description": REASON},
        }
        if technical:
            found |= {"prePath": path, "pathLang": "jsonpath", "method": "removal"}
        elif name == "fn":
            path = f"{path}.vcardArray[1][?(@[0]=='fn')][3]"
            found |= {"postPath": path, "pathLang": "jsonpath", "method": "emptyValue"}
        else:
            path = f"{path}.vcardArray[1][?(@[0]=='{name}')]"
            found |= {"prePath": path, "pathLang": "jsonpath", "method": "removal"}
        yield found


def _link(rel: str, path: str) -> dict[str, str]:
    here = links.absolute(path)
    kind = MEDIA_TYPE if rel == "self" else "text/html"
    return {"value": here, "rel": rel, "href": here, "type": kind}


def problem(status: int, title: str, *words: str) -> dict[str, Any]:
    """An error (RFC 9083, section 6)."""
    return {
        "rdapConformance": ["rdap_level_0"],
        "errorCode": status,
        "title": title,
        "description": [one for one in words if one],
    }


def helping(contact: str) -> dict[str, Any]:
    """What ``/help`` answers (RFC 9083, section 7)."""
    words = ["Ask for /domain/NAME.", f"Questions: {contact}"]
    return {"rdapConformance": list(CONFORMS), "notices": [{"title": "Help", "description": words}]}
