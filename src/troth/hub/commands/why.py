"""`troth why`: which clause decides."""

from __future__ import annotations

import json
import sys

import click


@click.command()
@click.option("--purpose", required=True, help="A purpose of the policy.")
@click.option("--data", required=True, help="A data category, such as user.contact.email.")
@click.option("--to", default="", help="A recipient, when the data would leave.")
@click.option("--person", "ref", help="A person's reference; without it the policy alone is asked.")
@click.option("--organisation", "slug", help="Needed only where there are several.")
@click.option("--json", "as_json", is_flag=True)
def why(
    purpose: str, data: str, to: str, ref: str | None, slug: str | None, *, as_json: bool
) -> None:
    """Say what the gate would decide, by which clause, and why. Exit status 1: denied."""
    from troth.hub.setup import start  # noqa: PLC0415

    start()
    from troth.core.errors import Missing  # noqa: PLC0415
    from troth.core.gate.why import why as ask  # noqa: PLC0415
    from troth.core.organisations.scope import scope  # noqa: PLC0415
    from troth.core.people.models import Person  # noqa: PLC0415
    from troth.hub.sites import organisation_named  # noqa: PLC0415

    with scope(organisation_named(slug)):
        person = None
        if ref:
            person = Person.objects.filter(ref=ref).first()
            if person is None:
                raise Missing("There is no such person here.", do="Check the reference.")
        answer = ask(purpose=purpose, category=data, to=to, person=person)
    if as_json:
        fields = ("allowed", "clause", "reason", "sentence")
        click.echo(json.dumps({name: getattr(answer, name) for name in fields}))
    else:
        click.echo(f"{'permitted' if answer.allowed else 'denied'}: {answer.sentence}")
        if answer.clause:
            click.echo(f"clause:    § {answer.clause}")
        click.echo(f"reason:    {answer.reason}")
    sys.exit(0 if answer.allowed else 1)
