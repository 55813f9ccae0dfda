"""Data categories in the words people use, to stand after “your”."""

from __future__ import annotations

from typing import Final

from troth.policy import taxonomy

# The longest name that fits the beginning of a category counts.
WORDS: Final = {
    "user": "data",
    "user.account": "account",
    "user.account.settings": "settings",
    "user.account.username": "user name",
    "user.authorization": "log-in data",
    "user.authorization.credentials": "second factor",
    "user.authorization.password": "password",
    "user.behavior": "behaviour on our pages",
    "user.behavior.browsing_history": "visits to pages",
    "user.behavior.purchase_history": "orders",
    "user.behavior.search_history": "searches",
    "user.contact": "contact details",
    "user.contact.address": "postal address",
    "user.contact.email": "e-mail address",
    "user.contact.fax_number": "fax number",
    "user.contact.organization": "company",
    "user.contact.phone_number": "phone number",
    "user.contact.url": "web site",
    "user.content": "writing",
    "user.content.private": "message",
    "user.content.public": "public post",
    "user.content.self_image": "picture",
    "user.demographic": "details about yourself",
    "user.demographic.age_range": "age group",
    "user.demographic.date_of_birth": "date of birth",
    "user.demographic.language": "language",
    "user.device": "device",
    "user.device.cookie_id": "cookie number",
    "user.device.ip_address": "network address",
    "user.financial": "money matters",
    "user.financial.bank_account": "bank account",
    "user.financial.credit_card": "card number",
    "user.job_title": "job title",
    "user.location": "place",
    "user.name": "name",
    "user.payment": "payment details",
    "user.privacy_preferences": "choices",
    "user.social": "contacts",
    "user.telemetry": "delivery state",
    "user.unique_id": "customer number",
    "user.workplace": "workplace",
    "system.operations": "technical records",
}

KINDS: Final = {
    "user.account": "Your account",
    "user.authorization": "Your account",
    "user.behavior": "What you did here",
    "user.contact": "How to reach you",
    "user.content": "What you wrote",
    "user.demographic": "About you",
    "user.device": "Your devices",
    "user.financial": "Payments",
    "user.job_title": "Your work",
    "user.name": "Who you are",
    "user.payment": "Payments",
    "user.privacy_preferences": "Your choices",
    "user.workplace": "Your work",
}


def in_words(*categories: str) -> str:
    """`phone number`, or `name, phone number and message` for several."""
    words = list(dict.fromkeys(_closest(WORDS, name) or _own(name) for name in categories))
    if not words:
        return "data"
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def kind_of(category: str) -> str:
    """The heading a category stands under, among what is held about a person."""
    return _closest(KINDS, category) or "Other data"


def _closest(table: dict[str, str], category: str) -> str:
    name = category
    while name:
        if name in table and (name != "user" or category == "user"):
            return table[name]
        name = name.rpartition(".")[0]
    return ""


def _own(category: str) -> str:
    return taxonomy.label(category).lower()
