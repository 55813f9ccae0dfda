from __future__ import annotations

from typing import ClassVar

from django.db import models

from troth.core.ids import opaque_ref, row_id
from troth.core.organisations.scoped import OrganisationField, Scoped
from troth.core.people.models import Element, Person


class Board(Scoped):
    """A part of the forum."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    about = models.CharField(max_length=300, blank=True)
    place = models.PositiveSmallIntegerField(default=0, help_text="Where it stands in the list.")
    closed = models.BooleanField(default=False, help_text="Nobody begins a thread in it.")

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "slug", "name", "about", "place", "closed")

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["place", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "slug"], name="community_one_board")
        ]

    def __str__(self) -> str:
        return self.name


class Thread(Scoped):
    """Posts in order. Its title is an element of whoever began it, as a post is of its author."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="threads")
    pinned = models.BooleanField(default=False)
    locked = models.BooleanField(default=False, help_text="Nobody answers any more.")
    last = models.PositiveIntegerField(default=0, help_text="The number of its last post.")
    begun_at = models.DateTimeField()
    moved_at = models.DateTimeField(help_text="When the last post came.")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "board", "pinned", "locked", "last", "begun_at"),
            "moved_at",
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-pinned", "-moved_at"]
        indexes: ClassVar = [models.Index(fields=["board", "-pinned", "-moved_at"])]

    def __str__(self) -> str:
        return f"thread {self.ref[:8]}"


class Post(Scoped):
    """That somebody wrote something, and what became of it. What it says, and what it said before
    it was changed, are elements of its author with this row's id; they go with them.
    """

    class State(models.TextChoices):
        SHOWN = "shown", "Shown"
        HIDDEN = "hidden", "Hidden by a moderator"
        REMOVED = "removed", "Removed"

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="posts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.SHOWN)
    speaks = models.BooleanField(default=False, help_text="It was written for the organisation.")
    quotes = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    posted_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=60, blank=True, help_text="Why it is hidden or gone.")
    clause = models.CharField(max_length=20, blank=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "thread", "person", "number", "state", "speaks"),
            *("quotes", "posted_at", "edited_at", "ground", "clause"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["thread", "number"], name="community_one_number")
        ]
        indexes: ClassVar = [models.Index(fields=["person"])]

    def __str__(self) -> str:
        return f"post {self.ref[:8]}"


class Word(Scoped):
    """That a post has a word, as a keyed digest: what the search finds posts by. It goes with the
    words it was made of.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    element = models.ForeignKey(Element, on_delete=models.CASCADE, related_name="+")
    organisation = OrganisationField(db_index=False)  # the index below begins with it
    digest = models.BinaryField(max_length=8)

    class Privacy:
        # Without the organisation's key nobody can read a word, or test one.
        not_personal: ClassVar = ("id", "organisation", "element", "digest")

    class Meta(Scoped.Meta):
        indexes: ClassVar = [models.Index(fields=["organisation", "digest"])]

    def __str__(self) -> str:
        return "a word"


class Acknowledgement(Scoped):
    """That somebody was shown what holds in the forum, and took note of it before posting.

    `notice` is the digest of the very words; other words are to be acknowledged anew.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    notice = models.CharField(max_length=64)
    clauses = models.JSONField(default=list)
    version = models.CharField(max_length=60)
    at = models.DateTimeField(verbose_name="took note of what holds in the forum")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "person", "notice", "clauses", "version", "at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "notice"], name="community_noted_once")
        ]

    def __str__(self) -> str:
        return f"acknowledgement under {self.version}"


class Section(Scoped):
    """A category of help articles."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    name = models.CharField(max_length=80)

    class Privacy:
        not_personal: ClassVar = ("id", "organisation", "name")

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="community_one_section")
        ]

    def __str__(self) -> str:
        return self.name


class Article(Scoped):
    """A help article. It is the organisation's own: nobody's data is in it. What readers found of
    it is two numbers.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    slug = models.SlugField(max_length=80)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="articles")
    shows = models.ForeignKey(
        "Edition", on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    helped = models.PositiveIntegerField(default=0)
    did_not = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "slug", "section", "shows", "helped", "did_not", "made_at"),
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["slug"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "slug"], name="community_one_article")
        ]

    def __str__(self) -> str:
        return self.slug


class Edition(Scoped):
    """One version of an article. Rows are added, never changed. `folded` is what is searched."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    body = models.TextField()
    folded = models.TextField()
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Privacy:
        not_personal: ClassVar = (
            *("id", "organisation", "article", "number", "title", "body", "folded", "made_at"),
            "published_at",
        )

    class Meta(Scoped.Meta):
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "number"], name="community_one_edition")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class Entry(Scoped):
    """A company in the list of customers, by the person who is behind it. Name, site and logo are
    elements of theirs with this row's id.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(verbose_name="entered in the list of customers")
    told_at = models.DateTimeField(null=True, verbose_name="told of it")
    published_at = models.DateTimeField(null=True, verbose_name="shown since")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "person", "made_at", "told_at", "published_at"),
        )

    class Meta(Scoped.Meta):
        verbose_name_plural = "entries in the list of customers"
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return f"entry {self.ref[:8]}"


class Story(Scoped):
    """A story told under somebody's name. `text` is the record of the elements it consists of now,
    `agreed` the one that person said yes to: it shows while both are the same, and they still do.
    """

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)
    ref = models.CharField(max_length=32, unique=True, default=opaque_ref, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    text = models.UUIDField(default=row_id)
    agreed = models.UUIDField(null=True)
    made_at = models.DateTimeField(verbose_name="written down")
    asked_at = models.DateTimeField(null=True, verbose_name="asked for consent")
    agreed_at = models.DateTimeField(null=True, verbose_name="agreed to")
    published_at = models.DateTimeField(null=True, verbose_name="published")
    ended_at = models.DateTimeField(null=True, verbose_name="taken back")

    class Privacy:
        not_personal: ClassVar = (
            *("id", "ref", "organisation", "person", "text", "agreed", "made_at", "asked_at"),
            *("agreed_at", "published_at", "ended_at"),
        )

    class Meta(Scoped.Meta):
        verbose_name_plural = "stories"
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return f"story {self.ref[:8]}"
