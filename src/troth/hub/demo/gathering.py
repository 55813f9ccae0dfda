"""The demo's public pages: a forum, help articles, customers and a story, by the real actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

from troth.channels.community.clauses import LIST, POST, STORY, place
from troth.channels.community.forum import acknowledging, moderating, naming, posting
from troth.channels.community.helping import finding, writing
from troth.channels.community.listing import entries
from troth.channels.community.models import Board, Post
from troth.channels.community.stories import telling
from troth.core.actors import Actor
from troth.core.cases.moderating import grounds as grounds_of
from troth.core.errors import Refusal
from troth.core.people.models import Person
from troth.hub.demo.history import History

NAMES: Final = ("Marigold", "quietheron", "Tollan", "B. Yew", "northwind")
THREADS: Final = (
    (
        "Where do the opening hours show?",
        "I have set them under *Settings*, and visitors still see the form.",
        ("They show in the chat window, not on the form. Took me a day as well.", "Thank you!"),
    ),
    (
        "Greeting in two languages",
        "Does anybody greet visitors by the language of their browser? How?",
        ("We keep two greetings and let people pick. It is one click more, and nobody minds.",),
    ),
)
ADVERT: Final = "Cheap watches, ten for the price of one."
ARTICLES: Final = (
    (
        "First steps",
        "Answer your first chat",
        "1. Open **Conversations**.\n2. Take the one on top.\n3. Write, and press *Send*.",
    ),
    (
        "First steps",
        "Put the chat on your own site",
        "Copy the line from **Settings** into each page, before `</body>`. Nothing else is needed.",
    ),
    (
        "Your data",
        "See what we hold about you",
        "Log in and open **My data**. It says where each came from, and who read it.",
    ),
)


def plan(history: History) -> None:
    """Lay out what was written in public; nothing where the policy has no such thing."""
    ago: dict[int, Callable[[], object]] = {
        90: lambda: _articles(history),
        60: lambda: _forum(history),
        45: lambda: _enter(history),
        20: lambda: _story(history),
        12: entries.publish_due,
    }
    for days, run in ago.items():
        history.add(history.now - timedelta(days=days), partial(_if_it_may, run))


def _if_it_may(run: Callable[[], object]) -> None:
    """Somebody of the invented people may have refused just this: then it did not happen."""
    try:
        run()
    except Refusal:
        return


def _articles(history: History) -> None:
    actor = history.staff["owner"]
    for section, title, body in ARTICLES:
        made = writing.begin(actor=actor, section=section, title=title, body=body)
        writing.publish(made, actor=actor, number=1)
        for helped in (True, True, True, False)[: 2 + len(title) % 3]:
            finding.rate(made, helped=helped)


def _forum(history: History) -> None:
    if place(POST) is None:
        return
    owner, people = history.staff["owner"], _some(history, len(NAMES))
    board = moderating.make_board(actor=owner, name="Questions", about="Ask, and answer.")
    moderating.make_board(actor=owner, name="Ideas", about="What would make it better?")
    clauses = [one.clause for one in acknowledging.notices()]
    for person, name in zip(people, NAMES, strict=False):
        said = acknowledging.digest()
        acknowledging.note(person, actor=_of(person), clauses=clauses, notice=said)
        naming.choose(person, actor=_of(person), name=name)
    for title, text, answers in THREADS:
        post = _thread(board, people[0], title, text)
        for person, answer in zip(people[1:], answers, strict=False):
            posting.reply(post.thread, actor=_of(person), person=person, text=answer, quotes=post)
    advert = posting.reply(post.thread, actor=_of(people[-1]), person=people[-1], text=ADVERT)
    grounds = grounds_of(moderating.about(advert))
    ground = "spam-prevention" if "spam-prevention" in grounds else next(iter(grounds))
    moderating.hide(advert, actor=owner, ground=ground, words="It sells watches.")


def _thread(board: Board, person: Person, title: str, text: str) -> Post:
    return posting.begin(board, actor=_of(person), person=person, title=title, text=text)


def _enter(history: History) -> None:
    if place(LIST) is None:
        return
    for person, name in zip(
        _some(history, 3), ("Harbour & Sons", "Tidewater Repairs", "Yewtree Books"), strict=False
    ):
        site = f"https://{name.split()[0].lower()}.example"
        made = entries.enter(actor=history.staff["owner"], person=person, name=name, website=site)
        entries.tell(made, actor=Actor.system("worker"))


def _story(history: History) -> None:
    where = place(STORY)
    if where is None:
        return
    [person] = _some(history, 1)
    said = {
        "name": "Marigold Tay",
        "job-title": "Runs the front desk",
        "quote": "Since we answer in the chat, the phone is for those who like to talk.",
        "organisation": "Harbour & Sons",
    }
    known = {one.key for one in where.touchpoint.fields}
    owner = history.staff["owner"]
    made = telling.write(
        actor=owner, person=person, words={k: v for k, v in said.items() if k in known}
    )
    telling.agree(made, actor=_of(person), text=made.text)
    telling.publish(made, actor=owner)


def _some(history: History, count: int) -> list[Person]:
    """The first so many people there are by then, by their root records, each once."""
    roots = {one.root_id: one.root for one in _fresh(history)}
    return list(roots.values())[:count]


def _fresh(history: History) -> list[Person]:
    known = [one.pk for one in history.people.values()]
    found = Person.objects.filter(pk__in=known, restricted_at=None).select_related("root")
    return list(found.order_by("created_at")[:40])


def _of(person: Person) -> Actor:
    return Actor("person", person.ref, person_id=person.pk)
