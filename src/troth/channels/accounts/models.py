from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from troth.core.ids import row_id
from troth.core.organisations.scoped import Scoped, ScopedManager
from troth.core.people.models import Element, Person
from troth.core.sealing.fields import BlindIndexField, SealedTextField


class UserManager(ScopedManager["User"], BaseUserManager["User"]):
    """Users are found by their id; an address finds the person first, through the blind index."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(pk=username or "")


class User(AbstractBaseUser, Scoped):
    """A log-in: a password and a person. The address is one of the person's sealed elements.

    Every session carries a mark made of the password and `epoch`: raising it ends them all.
    `is_active` is false while the account is locked.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="users")
    address = models.ForeignKey(
        Element,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The confirmed address: log-in and mail go by it alone.",
    )
    epoch = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    locked_until = models.DateTimeField(null=True, help_text="After many refused log-ins.")
    let_in_at = models.DateTimeField(null=True, help_text="When a link past a lock was used last.")
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "id"
    objects: ClassVar[UserManager] = UserManager()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "person", "address", "epoch", "is_active", "created_at"),
            *("last_login", "password", "locked_until", "let_in_at"),
        )

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], name="accounts_one_user_per_person")
        ]

    def __str__(self) -> str:
        return f"user {self.pk}"

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        mark = f"{self.password}|{self.epoch}|{self.is_active}"
        digest = salted_hmac("troth.accounts.session", mark, secret=secret, algorithm="sha256")
        return digest.hexdigest()


class Registration(Scoped):
    """A registration that waits for its confirmation. There may be several for one address: each
    link confirms its own, and only together with the password that was chosen then.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="registrations")
    address = models.ForeignKey(Element, on_delete=models.CASCADE, related_name="+")
    password = models.CharField(max_length=128)
    choices = models.JSONField(default=list, help_text="Purpose, yes or no, wording.")
    created_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "person", "address", "password", "choices", "created_at"),
        )

    class Meta(Scoped.Meta):
        indexes: ClassVar = [models.Index(fields=["organisation", "created_at"])]

    def __str__(self) -> str:
        return f"registration {self.pk}"


class SignIn(Scoped):
    """One log-in and the session it began. Device and network are kept to spot a stranger.

    `session_key` is the key of Django's session, so that the session can be ended from elsewhere.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, blank=True)
    device = SealedTextField(category="user.device", null=True)
    device_index = BlindIndexField(of="device")
    network = SealedTextField(category="user.device.ip_address", null=True)
    network_index = BlindIndexField(of="network")
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "user", "person", "session_key", "started_at"),
            *("last_seen_at", "ended_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-last_seen_at"]
        indexes: ClassVar = [models.Index(fields=["user", "ended_at"])]

    def __str__(self) -> str:
        return f"log-in {self.pk}"


class AddressChange(Scoped):
    """A new address asked for; it counts once its link was opened."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="address_changes")
    old = models.ForeignKey(Element, on_delete=models.SET_NULL, null=True, related_name="+")
    new = models.ForeignKey(Element, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="Taken back, or overtaken by another.")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "user", "old", "new", "asked_at", "confirmed_at", "ended_at"),
        )

    def __str__(self) -> str:
        return f"address change {self.pk}"


class Correction(Scoped):
    """What a person changed in one go: keys of the policy's elements and purposes, no values."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="corrections")
    elements = models.JSONField(default=list)
    choices = models.JSONField(default=list, help_text="Purpose and yes or no.")
    at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "user", "elements", "choices", "at")

    def __str__(self) -> str:
        return f"correction {self.pk}"


class SecondFactor(Scoped):
    """A code generator (RFC 6238) that log-in asks for, once it was confirmed."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    secret = SealedTextField(category="user.authorization.credentials")
    drift = models.SmallIntegerField(default=0, help_text="In steps of 30 s.")
    last_step = models.BigIntegerField(default=0, help_text="No code up to this step counts again.")
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "user", "person", "drift", "last_step", "created_at"),
            "confirmed_at",
        )

    def __str__(self) -> str:
        return f"second factor of {self.user_id}"


class Passkey(Scoped):
    """A key of WebAuthn on the person's device or security key: their second factor, and a log-in
    of its own where the device checks who uses it.

    What is sealed as `credential` is the id and the public key by which the device is known again.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    label = SealedTextField(category="user.authorization.credentials")
    credential = SealedTextField(category="user.authorization.credentials")
    known_as = models.BinaryField(
        max_length=32, help_text="A keyed digest of the credential's id: no two may have the same."
    )
    counter = models.BigIntegerField(default=0, help_text="Of the device; it never goes back.")
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "user", "person", "known_as"),
            *("counter", "created_at", "used_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "known_as"], name="accounts_one_passkey_of_an_id"
            )
        ]

    def __str__(self) -> str:
        return f"passkey {self.pk}"


class RecoveryCode(Scoped):
    """A code for the day the device is lost. Random, used once, kept as a keyed digest."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "user", "digest", "used_at")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "digest"], name="accounts_one_recovery_code")
        ]

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"


class Incident(Scoped):
    """Somebody said “this was not me”. The account is locked until the person sets a password."""

    class About(models.TextChoices):
        SIGN_IN = "sign-in", "a log-in"
        ADDRESS = "address", "a change of the address"
        FACTOR = "factor", "a change of the second factor"
        PASSKEY = "passkey", "a change of the passkeys"
        CORRECTION = "correction", "a change of the details"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="incidents")
    about = models.CharField(max_length=12, choices=About.choices)
    cause = models.UUIDField(help_text="The row it is about.")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True, help_text="When the staff had looked into it.")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "user", "about", "cause", "opened_at", "closed_at"),
            "handled_at",
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-opened_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "about", "cause"], name="accounts_one_incident_a_cause"
            )
        ]

    def __str__(self) -> str:
        return f"incident: {self.about}"


class Source(Scoped):
    """A network that refused log-ins came from within a quarter of an hour, cut short. It is kept
    and opened as the policy says of its touchpoint, for the purpose of the security log alone; what
    was refused goes with it. `person` is whoever is there: nobody known.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    began_at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    touchpoint = models.CharField(max_length=60)
    purpose = models.CharField(max_length=60)
    network = SealedTextField(category="user.device.ip_address")
    network_index = BlindIndexField(of="network")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "began_at", "person", "touchpoint", "purpose"),
        )

    def __str__(self) -> str:
        return f"source {self.pk}"


class Refused(Scoped):
    """A line of the security log: log-ins that were refused at one account, or at none there is,
    within a quarter of an hour. Without a source where the policy keeps no networks.
    """

    class What(models.TextChoices):
        PASSWORD = "password", "a wrong address or password"
        LOCKED = "locked", "a locked account"
        FLOOD = "flood", "too many in a short time"
        CODE = "code", "a wrong code or passkey"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()
    what = models.CharField(max_length=10, choices=What.choices)
    count = models.PositiveIntegerField(default=1)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="refused")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, null=True, related_name="lines")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "began_at", "last_at", "what", "count", "user", "source"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-last_at"]
        indexes: ClassVar = [models.Index(fields=["organisation", "last_at"])]

    def __str__(self) -> str:
        return f"refused log-ins {self.pk}"
