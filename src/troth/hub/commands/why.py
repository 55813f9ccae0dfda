"""`troth why`: which clause decides."""

from __future__ import annotations

import json
import sys
from itertools import product
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from troth.core.gate.why import Answer

_SAID = ("allowed", "clause", "reason", "sentence")


@click.command()
@click.option("--purpose", "purposes", required=True, multiple=True, help="A purpose.")
@click.option("--data", "categories", required=True, multiple=True, help="A data category.")
@click.option("--to", "parties", multiple=True, help="A recipient, when the data would leave.")
@click.option("--person", "ref", help="A person's reference; without it the policy alone is asked.")
@click.option("--organisation", "slug", help="Needed only where there are several.")
@click.option("--json", "as_json", is_flag=True)
def why(
    purposes: tuple[str, ...],
    categories: tuple[str, ...],
    parties: tuple[str, ...],
    ref: str | None,
    slug: str | None,
    *,
    as_json: bool,
) -> None:
    """Say what the gate would decide, by which clause, and why. Exit status 1: denied.

    A purpose, a category or a recipient that is named several times is asked about in every
    combination, such as all that one recipient may have: --data user.name --data user.contact
    """
    from troth.hub.setup import start  # noqa: PLC0415

    start()
    from troth.core.errors import Missing  # noqa: PLC0415
    from troth.core.gate.why import why as ask  # noqa: PLC0415
    from troth.core.organisations.scope import scope  # noqa: PLC0415
    from troth.core.people.models import Person  # noqa: PLC0415
    from troth.hub.sites import organisation_named  # noqa: PLC0415

    questions = list(product(purposes, categories, parties or ("",)))
    with scope(organisation_named(slug)):
        person = None
        if ref:
            person = Person.objects.filter(ref=ref).first()
            if person is None:
                raise Missing("There is no such person here.", do="Check the reference.")
        answers = [
            ask(purpose=purpose, category=category, to=to, person=person)
            for purpose, category, to in questions
        ]
    if as_json:
        named = [
            {"purpose": purpose, "data": category, "to": to, **_fields(answer)}
            for (purpose, category, to), answer in zip(questions, answers, strict=True)
        ]
        click.echo(json.dumps(named[0] if len(named) == 1 else named))
    else:
        for question, answer in zip(questions, answers, strict=True):
            _say(answer, " ".join(filter(None, question)) if len(questions) > 1 else "")
    sys.exit(0 if all(answer.allowed for answer in answers) else 1)


def _fields(answer: Answer) -> dict[str, object]:
    return {name: getattr(answer, name) for name in _SAID}


def _say(answer: Answer, question: str) -> None:
    if question:
        click.echo(f"{question}:")
    click.echo(f"{'permitted' if answer.allowed else 'denied'}: {answer.sentence}")
    if answer.clause:
        click.echo(f"clause:    § {answer.clause}")
    click.echo(f"reason:    {answer.reason}")
