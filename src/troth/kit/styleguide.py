"""What the style guide shows: invented people, addresses under `.example`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from troth.kit import charts
from troth.kit.fields import SlotSelect, Switch
from troth.kit.refusals import Refusal
from troth.kit.shell import Link, RailItem, Site

PIECES = (
    "type chips buttons forms values badges tables states places time charts dialogs refusals"
).split()


ICONS = (
    "inbox people person campaigns requests policy ledger assessment settings search menu close "
    "back forward chevron up down sort check good caution bad info neutral refusal help sealed "
    "open key eye copy download upload external mail phone chat post calendar clock building "
    "globe sun moon contrast filter plus minus edit erase undo link cookie shield receipt chart "
    "home leave more tag flag list send share keyboard"
).split()


class Sample(forms.Form):
    """A field of every kind."""

    template_name = "kit/styleguide/form.html"
    name = forms.CharField(max_length=80)
    email = forms.EmailField(
        label="E-mail address", help_text="We answer here, and use it for nothing else."
    )
    topic = forms.ChoiceField(
        choices=[("", "Choose one"), ("sales", "A question before buying"), ("help", "Help")]
    )
    message = forms.CharField(widget=forms.Textarea, max_length=500)
    day = forms.DateField(
        label="Day that suits you", required=False, widget=forms.DateInput({"type": "date"})
    )
    reach = forms.ChoiceField(
        label="How may we reach you?",
        choices=[("mail", "By e-mail"), ("phone", "By phone"), ("post", "By post")],
        widget=forms.RadioSelect,
    )
    parts = forms.MultipleChoiceField(
        label="What is it about?",
        required=False,
        choices=[("chat", "Live chat"), ("news", "Newsletter"), ("desk", "Help desk")],
        widget=forms.CheckboxSelectMultiple,
    )
    slot = forms.ChoiceField(
        label="Appointment",
        help_text="Half an hour, by phone. Times are in Vancouver.",
        choices=[
            ("Tuesday 4 May", [("a", "09:00"), ("b", "09:30"), ("c", "11:00"), ("d", "15:30")]),
            ("Wednesday 5 May", [("e", "10:00"), ("f", "13:30")]),
        ],
        widget=SlotSelect,
    )
    news = forms.BooleanField(
        label="Send me news about new features",
        required=False,
        initial=True,
        help_text="About once a month. Every issue has a link to stop.",
    )
    calls = forms.BooleanField(label="Call me about my account", required=False, widget=Switch)


def sample(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now().replace(hour=14, minute=2)
    wrong = Sample({"email": "ada@", "message": "x" * 520}, auto_id="wrong_%s")
    people = [
        ("Ada Marsh", "customer", "good", "Active", 12, "3.2"),
        ("Bo Lindqvist", "trial", "caution", "Ends in 4 days", 3, "2.4"),
        ("Chidi Eze", "customer", "bad", "2 days late", 1204, "9"),
        ("Person 5f3a", "visitor", "neutral", "Not known yet", 0, "5.1"),
    ]
    return {
        "site": _site(),
        "policy_url": "/policy",
        "console": _console(),
        "pieces": PIECES,
        "form": Sample(auto_id="id_%s"),
        "wrong": wrong,
        "people": people,
        "page": Paginator(range(1240), 25).get_page(2),
        "purposes": _purposes(),
        "open_purpose": _purposes()[1],
        "entries": _entries(now),
        "changes": _changes(),
        "receipt": _receipt(now),
        "charts": _charts(now.date()),
        "refusal": _refusal(),
        "tabs": [
            Link("Timeline", "#places", current=True),
            Link("What is held", "#places", count=14),
            Link("Choices", "#places", count=3),
        ],
        "crumbs": [Link("People", "#places"), Link("Ada Marsh", "#places"), Link("Requests")],
        "items": _items(now),
        "steps": ["Your day", "Your details", "Done"],
        "icons": ICONS,
        "card": SimpleNamespace(
            number="3.2",
            title="Calling back",
            text="If you ask us to call, an agent reads your phone number **to call you back**.",
        ),
        "card_ledger": [("Uses this month", "1,204"), ("Refused", "3")],
        "now": now,
        "soon": now + timedelta(days=4, hours=1),
        "late": now - timedelta(days=2, hours=1),
    }


def _site() -> Site:
    guide = reverse("kit:styleguide")
    return Site(
        name="Northwind Desk",
        accent="#1f6f5c",
        home_url=guide,
        nav=[
            Link("Pieces", guide, current=True),
            Link("Console", reverse("kit:styleguide", args=["console"])),
            Link("Log-in", reverse("kit:styleguide", args=["bare"])),
            Link("Policy", reverse("kit:styleguide", args=["policy"])),
        ],
        policy_url=reverse("kit:styleguide", args=["policy"]),
        cookie_settings_url="#cookies",
        privacy_contact="privacy@northwind.example",
        address=["12 Harbour Street", "Vancouver BC"],
    )


def _console() -> dict[str, Any]:
    here = reverse("kit:styleguide", args=["console"])
    rail = [
        RailItem("inbox", "Inbox", "inbox", here, current=True, count=12),
        RailItem("people", "People", "people", here),
        RailItem("campaigns", "Campaigns", "campaigns", here),
        RailItem("requests", "Requests", "requests", here, count=2),
        RailItem("o", "Policy", "policy", here),
        RailItem("ledger", "Ledger", "ledger", here),
        RailItem("assessment", "Assessment", "assessment", here),
        RailItem("settings", "Settings", "settings", here),
    ]
    return {
        "home_url": here,
        "rail": rail,
        "search_url": here,
        "search_hint": "Find a person by exact address or number",
        "back_url": here,
    }


def _purposes() -> list[SimpleNamespace]:
    return [
        SimpleNamespace(key="support", label="Answer a question", clause="3.1"),
        SimpleNamespace(key="call-back", label="Call back", clause="3.2"),
        SimpleNamespace(key="billing", label="Send an invoice", clause="3.4"),
    ]


def _entries(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "when": now,
            "icon": "eye",
            "text": "An agent read your phone number to call you back.",
            "clause": "3.2",
            "detail": "Joint team, Vancouver",
        },
        {
            "when": now - timedelta(days=3, hours=4),
            "text": "You allowed news about new features.",
            "clause": "4.1",
        },
        {
            "when": now - timedelta(days=3, hours=5),
            "icon": "refusal",
            "text": "A use of your address for a partner's offer was refused.",
            "clause": "7.1",
        },
        {
            "when": (now - timedelta(days=40)).date(),
            "text": "Your message arrived through the contact form.",
            "clause": "2.4",
        },
    ]


def _changes() -> list[dict[str, Any]]:
    return [
        {
            "kind": "changed",
            "clause": "12",
            "material": True,
            "text": "Private messages are kept for longer.",
            "before": "We erase private messages one year after the last contact.",
            "after": "We erase private messages two years after the last contact.",
        },
        {
            "kind": "added",
            "clause": "7.4",
            "material": True,
            "text": "A new recipient: a payment company.",
            "after": "Card payments are taken by a payment company; we keep its token only.",
        },
        {
            "kind": "removed",
            "clause": "5.3",
            "text": "Advertising cookies are gone.",
            "before": "Partners may set a cookie to choose advertising.",
        },
    ]


def _receipt(now: datetime) -> dict[str, str]:
    return {
        "Act": "choice.given",
        "Subject": "s_7Q2K-91XD",
        "Clause": "4.1, version 2010-05-18",
        "When": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "Entry": "48,211 of 48,214",
        "Root": "3f9a1c0be27d55c18e40d7712ab6f0c9e1d05b8c2f6a47e39ad1180f5c7be264",
    }


def _charts(today: date) -> list[charts.Chart]:
    month = [today - timedelta(days=7 * n) for n in range(9, -1, -1)]
    given = (220, 340, 310, 480, 620, 590, 700, 860, 910, 1040)
    refused = (40, 60, 30, 80, 75, 90, 60, 120, 110, 95)
    return [
        charts.stacked(
            "Who receives the May newsletter",
            [
                charts.Part("Receives it", 8412, "4.1"),
                charts.Part("Never asked for it", 2210, "4.1"),
                charts.Part("Opted out", 981, "4.2"),
                charts.Part("Told of version 2 less than 30 days ago", 340, "14.2"),
                charts.Part("Address bounces", 57, "4.5"),
            ],
            note="12,000 people have an e-mail address; 8,412 may be written to.",
        ),
        charts.bars(
            "What retention removes next month",
            [
                charts.Bar("Chat transcripts", 1840, "12"),
                charts.Bar("Contact forms", 412, "12.1"),
                charts.Bar("Visitor records", 96, "12.2"),
                charts.Bar("Invoices", 0, "12.4"),
            ],
            unit="Rows",
        ),
        charts.line(
            "Entries in the ledger",
            [
                charts.Series("Uses", list(zip(month, given, strict=True))),
                charts.Series("Refusals", list(zip(month, refused, strict=True))),
            ],
            area=True,
        ),
        charts.deadlines(
            "Deadlines ahead",
            [
                charts.Deadline("Access, Chidi Eze", today - timedelta(days=2), "9"),
                charts.Deadline("Erasure, person 77c1", today + timedelta(days=2), "9.2"),
                charts.Deadline("Correction, Ada Marsh", today + timedelta(days=9), "9.1"),
                charts.Deadline("Access, person 0a44", today + timedelta(days=21), "9"),
            ],
            today=today,
        ),
    ]


def _refusal() -> Refusal:
    return Refusal(
        "This list may not go to Fabrikam",
        "The export of 8,412 addresses was not started. Nothing has left this site.",
        "Personal data is not passed to other companies for their own marketing.",
        "Send the offer yourself, or ask each person first.",
        clause="7.1",
        url="#refusals",
        link="Write a campaign",
    )


def _items(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "who": "Ada Marsh",
            "when": now,
            "about": "Cannot reset my password",
            "state": "caution",
            "word": "4 hours left",
            "current": True,
            "clause": "2.4",
        },
        {
            "who": "Person 5f3a",
            "when": now - timedelta(hours=3),
            "about": "Demo request",
            "state": "info",
            "word": "new",
            "clause": "2.6",
        },
        {
            "who": "Chidi Eze",
            "when": now - timedelta(days=2),
            "about": "What do you hold about me?",
            "state": "bad",
            "word": "2 days late",
            "clause": "9",
        },
        {
            "who": "Bo Lindqvist",
            "when": now - timedelta(days=5),
            "about": "Thank you",
            "state": "good",
            "word": "answered",
            "clause": "2.4",
        },
    ]
