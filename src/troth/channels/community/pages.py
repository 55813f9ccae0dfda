"""The public pages there are something on: for the menu and the home page of a site."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from troth.channels.community.clauses import LIST, POST, STORY, place
from troth.channels.community.helping.finding import published
from troth.channels.community.models import Board, Entry, Story
from troth.kit.shell import Link


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page of the site: what it is called, where, and what one finds there."""

    label: str
    url: str
    text: str


def pages() -> list[PublicPage]:
    """Those of the organisation in scope. A policy that has nothing of it has no such page."""
    found = []
    if place(POST) is not None and Board.objects.exists():
        found.append(
            PublicPage("Forum", reverse("community:forum"), "Ask, answer, read what others found.")
        )
    if published().exists():
        found.append(PublicPage("Help", reverse("community:help"), "Articles, with a search."))
    if place(LIST) is not None and Entry.objects.filter(published_at__isnull=False).exists():
        found.append(PublicPage("Customers", reverse("community:customers"), "Who works with us."))
    if place(STORY) is not None and Story.objects.filter(published_at__isnull=False).exists():
        found.append(
            PublicPage("Stories", reverse("community:stories"), "What customers say of us.")
        )
    return found


def parts(here: str) -> list[Link]:
    """The tabs of what the staff writes, as far as the policy has it."""
    offered = [
        ("articles", "Help articles", True),
        ("entries", "Customers", place(LIST) is not None),
        ("told-stories", "Stories", place(STORY) is not None),
    ]
    return [
        Link(label, reverse(f"community:{name}"), current=name == here)
        for name, label, there in offered
        if there
    ]
