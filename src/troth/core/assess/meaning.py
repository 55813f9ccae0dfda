"""What a control of a form asks for, as a data category.

By what the page says to browsers first (the autofill field of HTML, section 4.10.18.7, and the
type), then by the policy's names of elements, then by the words of its name and label.
"""

from __future__ import annotations

import re
from typing import Final

from troth.core.assess.seen import SeenField
from troth.policy import Policy

_AUTOFILL: Final = {
    "email": "user.contact.email",
    "tel": "user.contact.phone_number",
    "name": "user.name",
    "honorific-prefix": "user.name",
    "given-name": "user.name",
    "additional-name": "user.name",
    "family-name": "user.name",
    "nickname": "user.name",
    "organization": "user.workplace",
    "organization-title": "user.job_title",
    "street-address": "user.contact.address.street",
    "address-line1": "user.contact.address.street",
    "address-line2": "user.contact.address.street",
    "address-level1": "user.contact.address.state",
    "address-level2": "user.contact.address.city",
    "postal-code": "user.contact.address.postal_code",
    "country": "user.contact.address.country",
    "country-name": "user.contact.address.country",
    "cc-name": "user.payment",
    "cc-number": "user.payment",
    "cc-exp": "user.payment",
    "cc-csc": "user.payment",
    "bday": "user.demographic.date_of_birth",
    "sex": "user.demographic.gender",
    "url": "user.contact.url",
    "photo": "user.biometric",
    "current-password": "user.authorization.credentials",
    "new-password": "user.authorization.credentials",
    "one-time-code": "user.authorization.credentials",
}
_TYPES: Final = {
    "email": "user.contact.email",
    "tel": "user.contact.phone_number",
    "password": "user.authorization.credentials",
    "url": "user.contact.url",
    "file": "user.content",
}
_WORDS: Final = (
    (r"e-?mail", "user.contact.email"),
    (r"phone|mobile|\btel\b", "user.contact.phone_number"),
    (r"birth|bday|\bdob\b", "user.demographic.date_of_birth"),
    (r"gender|\bsex\b", "user.demographic.gender"),
    (r"passw|secret", "user.authorization.credentials"),
    (r"card|\bcc\b|iban|account.?number", "user.payment"),
    (r"user.?name|login", "user.account.username"),
    (r"company|organi[sz]ation|employer", "user.workplace"),
    (r"postal|zip", "user.contact.address.postal_code"),
    (r"street|city|\baddress\b", "user.contact.address"),
    (r"country", "user.contact.address.country"),
    (r"ssn|passport|national.?id|tax.?id", "user.government_id"),
    (r"name\b", "user.name"),
    (r"message|comment|question|details|words|text|about|reason", "user.content"),
)
_CHOICES: Final = {"checkbox", "radio", "range", "color", "search"}
_OFFERED: Final = {"select-one", "select-multiple"}
_asked: Final[dict[tuple[str, str], str]] = {}


def asks(page: str, name: str, category: str) -> None:
    """Say what a control of a part's own page asks for, where neither policy nor page tells it."""
    _asked[page, name] = category


def is_choice(field: SeenField, policy: Policy) -> bool:
    """Whether the control takes no data element: a choice among what is offered, a search."""
    if field.kind in _CHOICES:
        return True
    return field.kind in _OFFERED and not (field.name in policy.elements or field.autocomplete)


def category_of(field: SeenField, policy: Policy) -> str:
    """The data category that a control asks for, or "" where nothing tells it."""
    if found := _asked.get((field.page, field.name)):
        return found
    for token in reversed(field.autocomplete.split()):
        if token in _AUTOFILL:
            return _AUTOFILL[token]
    if field.kind in _TYPES:
        return _TYPES[field.kind]
    if field.name in policy.elements:
        return policy.elements[field.name].data
    said = f"{field.name} {field.label}".lower().replace("_", " ")
    return next((category for words, category in _WORDS if re.search(words, said)), "")
