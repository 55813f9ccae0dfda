from __future__ import annotations

import secrets
from typing import ClassVar
from uuid import uuid4

from django.db import models

from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Person
from troth.core.sealing.fields import SealedTextField


def fresh_key() -> bytes:
    return secrets.token_bytes(32)


class Visitor(Scoped):
    """A browser that carries a number in its cookie, under a policy by which that cookie is linked
    to the person once they are known; under any other policy there is no such row.

    The number itself is not kept: `digest` is keyed. `person` is a record of the visitor's own,
    anonymous until it is merged into that of whoever they say they are.
    """

    class Joined(models.TextChoices):
        NOT = "", "Anonymous"
        SAID = "said", "By what they typed into a form or a chat"
        SHOWN = "shown", "By a log-in or a link that only they have"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    digest = models.BinaryField(max_length=32, editable=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    version = models.CharField(max_length=60, help_text="Under which its permits were made last.")
    joined = models.CharField(max_length=5, choices=Joined.choices, default=Joined.NOT, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Privacy:
        # A keyed digest of a random number; without the organisation's key nobody can test a guess.
        not_personal: ClassVar = (
            *("id", "organisation", "digest", "person", "version", "joined", "first_at"),
            "last_at",
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "digest"], name="web_one_visitor")
        ]

    def __str__(self) -> str:
        return f"visitor {self.pk}"


class Event(Scoped):
    """One page viewed or link followed by a known browser, sealed under its visitor's own key.

    It has a value for what the clause of its touchpoint names and for nothing else.
    """

    class Kind(models.TextChoices):
        VIEW = "view"
        CLICK = "click"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    at = models.DateTimeField()
    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="events")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.VIEW)
    touchpoint = models.CharField(max_length=60)
    version = models.CharField(max_length=60)
    page = SealedTextField(category="user.behavior.browsing_history", null=True)
    link = SealedTextField(category="user.behavior.browsing_history", null=True)
    referrer = SealedTextField(category="user.behavior.browsing_history", null=True)
    terms = SealedTextField(category="user.behavior.search_history", null=True)
    browser = SealedTextField(category="user.device", null=True)
    language = SealedTextField(category="user.device", null=True)
    network = SealedTextField(category="user.device.ip_address", null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "at", "visitor", "person", "kind", "touchpoint", "version"),
        )

    class Meta(Scoped.Meta):
        verbose_name_plural = "pages viewed and links followed"
        indexes: ClassVar = [models.Index(fields=["visitor", "-at"])]

    def __str__(self) -> str:
        return f"event {self.pk}"


class Tally(Scoped):
    """A count of a day or a month: how many views, visits and browsers had this value.

    Nothing in it leads to anybody: what was counted is not kept. `page` is empty for the whole
    site; `visitors` is 0 where nothing tells one browser from another.
    """

    class Source(models.TextChoices):
        VISIT = "visit", "What browsers report"
        LOG = "log", "Requests to our server"

    class Span(models.TextChoices):
        DAY = "day"
        MONTH = "month"

    class Dimension(models.TextChoices):
        ALL = "", "All"
        PAGE = "page", "Pages"
        ENTRY = "entry", "Where visits began"
        EXIT = "exit", "Where visits ended"
        REFERRER = "referrer", "Where people came from"
        TERMS = "terms", "Search words"
        CAMPAIGN = "campaign", "Campaigns"
        BROWSER = "browser", "Browsers"
        SYSTEM = "system", "Systems"
        DEVICE = "device", "Devices"
        LANGUAGE = "language", "Languages"
        LINK = "link", "Links followed"
        ACTION = "action", "What people did"

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=5, choices=Source.choices)
    span = models.CharField(max_length=5, choices=Span.choices)
    day = models.DateField(help_text="Of a month, its first.")
    page = models.CharField(max_length=200, blank=True)
    dimension = models.CharField(max_length=8, choices=Dimension.choices, blank=True)
    value = models.CharField(max_length=200, blank=True)
    views = models.PositiveIntegerField(default=0)
    visits = models.IntegerField(default=0)
    visitors = models.PositiveIntegerField(default=0)

    class Privacy:
        # Sums of many; a page or a search word stands for itself, next to nobody.
        not_personal: ClassVar = (
            *("id", "organisation", "source", "span", "day", "page", "dimension", "value"),
            *("views", "visits", "visitors"),
        )

    class Meta(Scoped.Meta):
        verbose_name_plural = "tallies"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "source", "span", "day", "page", "dimension", "value"],
                name="web_one_tally",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.views}"


class Lately(Scoped):
    """Views of a page within one minute, for the page that shows the last half hour."""

    id = models.BigAutoField(primary_key=True)
    minute = models.DateTimeField()
    page = models.CharField(max_length=200)
    views = models.PositiveIntegerField(default=0)

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "minute", "page", "views")

    class Meta(Scoped.Meta):
        verbose_name_plural = "lately"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "minute", "page"], name="web_one_minute"
            )
        ]

    def __str__(self) -> str:
        return f"{self.minute}: {self.views}"


class Salt(Scoped):
    """The random key under which browsers of one day or month are told apart; gone after it, and
    with it the meaning of every `Seen` made under it.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=5, choices=Tally.Source.choices)
    span = models.CharField(max_length=5, choices=Tally.Span.choices)
    day = models.DateField()
    key = models.BinaryField(max_length=32, default=fresh_key, editable=False)

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "source", "span", "day", "key")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "source", "span", "day"], name="web_one_salt"
            )
        ]

    def __str__(self) -> str:
        return f"salt of {self.day}"


class Seen(Scoped):
    """That a browser was counted for a value already, as a digest under a `Salt`."""

    id = models.BigAutoField(primary_key=True)
    salt = models.ForeignKey(Salt, on_delete=models.CASCADE, related_name="seen")
    digest = models.BinaryField(max_length=16, editable=True)

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "salt", "digest")

    class Meta(Scoped.Meta):
        verbose_name_plural = "seen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["salt", "digest"], name="web_seen_once")
        ]

    def __str__(self) -> str:
        return f"seen {self.pk}"


class Site(Scoped):
    """An origin of the organisation's own whose pages may report views here as well."""

    id = models.BigAutoField(primary_key=True)
    origin = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "origin", "added_at")

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["origin"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "origin"], name="web_one_site")
        ]

    def __str__(self) -> str:
        return self.origin
