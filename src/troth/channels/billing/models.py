from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import OrganisationField, Scoped
from troth.core.people.models import Person
from troth.core.sealing.fields import SealedJSONField

MONEY = "In the smallest unit of its currency."


class Product(Scoped):
    """Something a company sells, once or by the month or year."""

    class Period(models.TextChoices):
        ONCE = "once", "Paid once"
        MONTH = "month", "A month"
        YEAR = "year", "A year"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    organisation = OrganisationField(db_index=False)  # the constraint below begins with it
    slug = models.SlugField(max_length=60, help_text="The last part of its page's address.")
    name = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    price = models.PositiveIntegerField(help_text=MONEY)
    currency = models.CharField(max_length=3)
    period = models.CharField(max_length=5, choices=Period.choices, default=Period.ONCE)
    shown = models.BooleanField(default=False, help_text="Whether everybody may see and buy it.")
    made_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "slug", "name", "text", "price", "currency", "period"),
            *("shown", "made_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "slug"], name="billing_one_slug")
        ]

    def __str__(self) -> str:
        return self.name


class Order(Scoped):
    """That somebody ordered, and how far it is. It has the id of the submission it came with.

    Who, where to and what are elements of the person that have this id as their `record`: sealed,
    and kept or erased by the clauses of the checkout. Here is only what says nothing of them.
    """

    class State(models.TextChoices):
        UNPAID = "unpaid", "Unpaid"
        PAID = "paid", "Paid"
        CANCELLED = "cancelled", "Cancelled"
        REFUNDED = "refunded", "Refunded"

    id = models.UUIDField(primary_key=True, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    organisation = OrganisationField(db_index=False)  # an index below begins with it
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="orders")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.UNPAID)
    clause = models.CharField(max_length=20)
    version = models.CharField(max_length=60)
    total = models.PositiveIntegerField(help_text=MONEY)
    currency = models.CharField(max_length=3)
    session = models.CharField(
        max_length=120, blank=True, help_text="The payment company's name of this checkout."
    )
    placed_at = models.DateTimeField(verbose_name="ordered")
    paid_at = models.DateTimeField(null=True, verbose_name="paid")
    fulfilled_at = models.DateTimeField(null=True, verbose_name="fulfilled")
    ended_at = models.DateTimeField(null=True, verbose_name="cancelled or refunded")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "person", "number", "state", "clause", "version"),
            *("total", "currency", "session", "placed_at", "paid_at", "fulfilled_at", "ended_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-placed_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["organisation", "state", "-placed_at"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="billing_one_order_no")
        ]

    def __str__(self) -> str:
        return f"order {self.number}"


class Begun(Scoped):
    """What somebody has written into the checkout and not sent yet: sealed under a key of the row's
    own, found by the number in their cookie, and gone when that ends.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    organisation = OrganisationField(db_index=False)  # the constraint below begins with it
    ref = models.CharField(max_length=32)
    content = SealedJSONField(category="user", subject="self")
    expires_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "ref", "expires_at")

    class Meta(Scoped.Meta):
        verbose_name_plural = "orders begun"
        indexes: ClassVar = [models.Index(fields=["expires_at"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "ref"], name="billing_begun_once")
        ]

    def __str__(self) -> str:
        return "an order begun"


class Invoice(Scoped):
    """An invoice, or the credit note that takes one back. It never changes once it is issued.

    No key leads from here to a person, so it stands when they are erased: what stands on it are
    the elements with the `record` of its order, of which a law keeps some.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", "Invoice"
        CREDIT = "credit", "Credit note"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    organisation = OrganisationField(db_index=False)  # the constraints below begin with it
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=7, choices=Kind.choices, default=Kind.INVOICE)
    record = models.UUIDField(help_text="The order whose elements stand on it.")
    order_number = models.PositiveIntegerField()
    takes_back = models.OneToOneField("self", on_delete=models.PROTECT, null=True)
    clause = models.CharField(max_length=20)
    version = models.CharField(max_length=60)
    total = models.PositiveIntegerField(help_text=MONEY)
    currency = models.CharField(max_length=3)
    issued_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "number", "kind", "record", "order_number"),
            *("takes_back", "clause", "version", "total", "currency", "issued_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="billing_one_number"),
            models.UniqueConstraint(
                fields=["organisation", "record", "kind"], name="billing_one_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display().lower()} {self.number}"


class Series(Scoped):
    """The last number given out. It is held while one is, so a number is never left out."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    organisation = OrganisationField(db_index=False)
    name = models.CharField(max_length=10)
    last = models.PositiveIntegerField(default=0)

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "name", "last")

    class Meta(Scoped.Meta):
        verbose_name_plural = "series"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="billing_one_series")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


class Till(Scoped):
    """The account of an organisation with its payment company, a recipient of its policy.

    Secrets are sealed with a key from the keyring, or named as `env:NAME` or `file:PATH`.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    organisation = OrganisationField(db_index=False)
    api = models.CharField(max_length=200, help_text="Where the payment company is called.")
    pages = models.CharField(max_length=200, help_text="Where its own pages are.")
    key = models.BinaryField(null=True)
    key_from = models.CharField(max_length=200, blank=True)
    hook = models.BinaryField(null=True, help_text="What its messages are signed with.")
    hook_from = models.CharField(max_length=200, blank=True)
    connected_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "api", "pages", "key", "key_from", "hook", "hook_from"),
            *("connected_at",),
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation"], name="billing_one_till")
        ]

    def __str__(self) -> str:
        return f"till at {self.api}"


class Heard(Scoped):
    """A message of the payment company that was dealt with: a repeat does nothing."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    organisation = OrganisationField(db_index=False)
    event = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "event", "at")

    class Meta(Scoped.Meta):
        verbose_name_plural = "messages heard"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "event"], name="billing_heard_once")
        ]

    def __str__(self) -> str:
        return self.event
