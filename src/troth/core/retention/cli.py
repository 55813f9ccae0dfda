"""`troth retention`: what goes next, doing it, and holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from troth.core.errors import Missing

if TYPE_CHECKING:
    from troth.core.organisations.models import Organisation

_of = click.option("--organisation", "slug", help="Needed only where there are several.")
_json = click.option("--json", "as_json", is_flag=True, help="For programs.")


def _begin(slug: str | None) -> Organisation:
    import django  # noqa: PLC0415 - takes half a second that `--help` need not wait for

    django.setup()
    from troth.core.organisations.models import Organisation  # noqa: PLC0415

    found = list(Organisation.objects.filter(slug=slug) if slug else Organisation.objects.all()[:2])
    if len(found) != 1:
        raise Missing(
            f"There is no organisation {slug}." if slug else "Which organisation is not clear.",
            do="Name one: --organisation SLUG.",
        )
    return found[0]


@click.group()
def retention() -> None:
    """What the keep clauses of the policy remove, and when."""


@retention.command()
@_of
@click.option("--days", default=31, show_default=True, help="How far to look ahead.")
@_json
def preview(slug: str | None, days: int, *, as_json: bool) -> None:
    """Show what goes within some days, by clause. Nothing is changed."""
    organisation = _begin(slug)
    from troth.core.organisations.scope import scope  # noqa: PLC0415
    from troth.core.retention import api  # noqa: PLC0415

    with scope(organisation):
        now, then = api.preview(days)
    due = {(line.keep.clause, line.places): line.due for line in now.lines}
    rows = [
        {
            "clause": line.keep.clause,
            "why": line.why,
            "then": line.keep.then,
            "data": line.categories,
            "due_now": due.get((line.keep.clause, line.places), 0),
            "due_then": line.due,
        }
        for line in then.lines
    ]
    if as_json:
        endless = [{"at": at, "data": category} for at, category in then.endless]
        click.echo(json.dumps({"days": days, "held": then.held, "due": rows, "endless": endless}))
        return
    if not rows:
        click.echo(f"Nothing of {then.held} values goes within {days} days.")
    for row in rows:
        click.echo(
            f"§ {row['clause']:<6} {row['due_now']:>8} now {row['due_then']:>8} in {days} days  "
            f"{row['then']:<14} {row['why']}"
        )
    for touchpoint, category in then.endless:
        click.echo(f"No clause ends {category} from {touchpoint or 'elsewhere'}.")


@retention.command()
@_of
@click.option("--confirm", is_flag=True, help="Go on where the run would end more than the limit.")
@_json
def run(slug: str | None, *, confirm: bool, as_json: bool) -> None:
    """End what is due now. Exit status 3 where it stopped to be confirmed."""
    organisation = _begin(slug)
    from troth.core.actors import Actor  # noqa: PLC0415
    from troth.core.organisations.scope import scope  # noqa: PLC0415
    from troth.core.retention import api  # noqa: PLC0415

    with scope(organisation):
        done = api.run_now(actor=Actor.system("cli"), confirmed=confirm)
        parts = [
            {"clause": one.clause, "then": one.then, "due": one.due, "done": one.done}
            for one in done.parts.all()
        ]
        limit = api.limit()
    if as_json:
        said = {"run": done.ref, "state": done.state, "share": done.share, "people": done.people}
        click.echo(json.dumps(said | {"parts": parts}))
    elif done.state == api.Run.State.STOPPED:
        click.echo(
            f"Stopped: {done.due} of {done.held} values are due, more than {limit:.0%}.\n"
            "Nothing was done. Look at `troth retention preview`; "
            "if it is right: troth retention run --confirm"
        )
    else:
        for part in parts:
            click.echo(
                f"§ {part['clause']:<6} {part['done']:>8} of {part['due']:>8} {part['then']}"
            )
        click.echo(f"Done. {done.people} people of whom nothing was left are gone.")
    if done.state == api.Run.State.STOPPED:
        raise SystemExit(3)


@retention.command()
@_of
@_json
def holds(slug: str | None, *, as_json: bool) -> None:
    """List the legal holds that last."""
    organisation = _begin(slug)
    from troth.core.organisations.scope import scope  # noqa: PLC0415
    from troth.core.retention import api  # noqa: PLC0415

    with scope(organisation):
        rows = [
            {
                "hold": one.ref,
                "ground": one.ground,
                "until": one.ends_at.date().isoformat(),
                "person": one.person.ref if one.person else "",
                "data": one.category,
                "at": one.touchpoint,
            }
            for one in api.standing().select_related("person")
        ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        what = row["person"] or " ".join(filter(None, (row["data"], row["at"])))
        click.echo(f"{row['hold'][:8]}  until {row['until']}  {row['ground']:<10} {what}")
    if not rows:
        click.echo("There are no holds.")
