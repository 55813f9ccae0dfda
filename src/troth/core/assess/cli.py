"""`troth clauses`: what is promised, and how each promise stands."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import click

from troth.core.assess.register import RESULTS, State, record, standings

if TYPE_CHECKING:
    from troth.core.assess.register import Record, Standing

COLOURS: Final = {"proven": "green", "failing": "red", "pending": "yellow", "not run": "cyan"}


@click.command()
@click.option("--company", help="Only the clauses of this company.")
@click.option("--state", type=click.Choice(get_args(State)), help="Only those that stand so.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option(
    "--proofs",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Another record than that of the last run.",
)
def clauses(*, company: str | None, state: str | None, as_json: bool, proofs: Path | None) -> None:
    """List each clause of the register as proven, failing, or pending with the part it waits for.

    Exit status 1 where one is failing.
    """
    shown = record(proofs or RESULTS)
    found = [one for one in standings(shown) if company in {None, one.clause.company}]
    if company and not found:
        raise click.BadParameter(f"there is no company {company}", param_hint="--company")
    listed = [one for one in found if state in {None, one.state}]
    if as_json:
        click.echo(json.dumps(_document(listed, shown), indent=1))
    else:
        for one in listed:
            _line(one)
        _summary(found, shown)
    if any(one.state == "failing" for one in found):
        raise SystemExit(1)


def _document(listed: list[Standing], shown: Record | None) -> dict[str, object]:
    rows = [
        {
            "id": one.clause.id,
            "capability": one.clause.capability,
            "says": one.clause.says,
            "state": one.state,
            "proofs": [{"test": proof.test, "passed": proof.passed} for proof in one.proofs],
            "waits_for": one.waiting.part if one.waiting else None,
            "why": one.waiting.why if one.waiting else None,
        }
        for one in listed
    ]
    made = {"made": shown.made, "source": shown.source, "current": shown.current} if shown else None
    return {"record": made, "clauses": rows}


def _line(one: Standing) -> None:
    state = click.style(f"{one.state:8}", fg=COLOURS[one.state])
    click.echo(f"{one.clause.id:14} {state} {one.clause.capability:14} {one.clause.says}")
    indent = " " * 39
    if one.waiting:
        click.echo(f"{indent}waits for {one.waiting.part}: {one.waiting.why}")
    for proof in one.proofs:
        if not proof.passed:
            click.echo(f"{indent}failed: {proof.test}")


def _summary(found: list[Standing], shown: Record | None) -> None:
    counts = Counter(one.state for one in found)
    said = ", ".join(f"{counts[state]} {state}" for state in get_args(State) if counts[state])
    click.echo(f"{len(found)} clauses: {said}.")
    if shown is None:
        click.echo("No proof has run here yet: `make proofs` runs them.")
    elif not shown.current:
        click.echo(f"The proofs ran at {shown.made} on another source: `make proofs` runs them.")
