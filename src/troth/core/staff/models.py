from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import Scoped


class Role(Scoped):
    """What members of the staff may do, and the purposes they may open data for."""

    class Ability(models.TextChoices):
        """Abilities that are no purpose: acts upon the organisation itself."""

        POLICY_PUBLISH = "policy.publish", "Publish versions of the policy"
        STAFF_MANAGE = "staff.manage", "Change roles and who has them"
        LEDGER_READ = "ledger.read", "Look at the ledger"
        PEOPLE_SEARCH = "people.search", "Look people up"
        PEOPLE_MERGE = "people.merge", "Join two records of one human"
        PEOPLE_EXPORT = "people.export", "Take people out as a file"
        PEOPLE_IMPORT = "people.import", "Bring people in from a file"
        PEOPLE_ERASE = "people.erase", "Destroy all that is held about a person"
        RIGHTS_HANDLE = "rights.handle", "Deal with what people ask for about their data"
        RECIPIENTS_MANAGE = "recipients.manage", "Give data to recipients, and stop giving it"
        CONNECT_MANAGE = "connect.manage", "Connect outside databases"
        INBOX_READ = "inbox.read", "Answer forms, chats and mail"
        DESK_MANAGE = "desk.manage", "Set up how conversations are answered"
        CLIENTS_SEE = "clients.see", "See client organisations, as numbers"
        CASES_OPEN = "cases.open", "Open cases: what the law or a harm asks for"
        CASES_APPROVE = "cases.approve", "Approve cases that somebody else opened"
        GRANTS_GIVE = "grants.give", "Let somebody read what is not theirs, on a ground"
        CAMPAIGNS_WRITE = "mail.write", "Write campaigns"
        CAMPAIGNS_SEND = "mail.send", "Send, pause and stop campaigns"
        CAMPAIGNS_MODERATE = "mail.moderate", "Approve and reject campaigns"
        COMMUNITY_RUN = "forum.run", "Run the forum: boards, and what becomes of posts"
        COMMUNITY_WRITE = "articles.write", "Write help articles, the customer list, stories"
        COMMUNITY_SPEAK = "forum.speak", "Speak for the organisation in the forum"
        SURVEYS_WRITE = "questions.ask", "Make surveys and contests, and see what came of them"
        BILLING_HANDLE = "orders.handle", "Sell: products, orders, invoices and refunds"
        REMOTE_HELP = "screen.see", "See a customer's screen while they allow it"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    name = models.CharField(max_length=60)
    purposes = models.JSONField(default=list)
    abilities = models.JSONField(default=list)

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "name", "purposes", "abilities")

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="staff_one_role_name")
        ]

    def __str__(self) -> str:
        return self.name


class Membership(Scoped):
    """One user on the staff of an organisation."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="members")
    undertaking_at = models.DateTimeField(
        null=True, help_text="When confidentiality was promised; no data opens before."
    )

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "ref", "user", "role", "undertaking_at")

    class Meta(Scoped.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "user"], name="staff_one_membership")
        ]

    def __str__(self) -> str:
        return f"member {self.ref[:8]}"


class Grant(Scoped):
    """That a member may read one record which is not theirs: for a while, and on a ground.

    `record` is the id of what may be read; what it is, the part that asks knows.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="grants")
    record = models.UUIDField()
    ground = models.CharField(max_length=60, help_text="A key: one of `grants.grounds()`.")
    given_by = models.CharField(max_length=40, help_text="Reference of the member who gave it.")
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="When it was taken back before its time.")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "ref", "member", "record", "ground", "given_by", "given_at"),
            *("expires_at", "ended_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-given_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["record", "expires_at"])]

    def __str__(self) -> str:
        return f"grant {self.ref[:8]}"
