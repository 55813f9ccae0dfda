"""`troth assess`: whether this installation does what its policy says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from troth.core.errors import Invalid

if TYPE_CHECKING:
    from troth.core.assess.models import Assessment

_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_THERE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
SIGNS: Final = {"held": ("✓", "green"), "failed": ("✗", "red"), "not looked at": ("–", "yellow")}


@click.group(invoke_without_command=True)
@click.option("--url", help="Where the site is. Default: the installation's own address.")
@click.option(
    "--without", multiple=True, help="Leave out an area, a check, or what needs: crawl, proofs, …"
)
@click.option("--proofs", type=_THERE, help="The record of the proofs, if it lies elsewhere.")
@click.option("--audit", type=_THERE, help="A report of pip-audit, as JSON.")
@click.option("--html", type=_FILE, help="Write the report for people to this file.")
@click.option("--json", "as_json", type=_FILE, help="Write the signed document to this file.")
@click.option("--pages", default=40, show_default=True, help="How many pages to look at.")
@click.option("--organisation", "slug", metavar="SLUG", help="Where there are several.")
def assess(**options: Any) -> None:
    """Check this installation against its policy; exit 1 unless all that was looked at holds."""
    if click.get_current_context().invoked_subcommand is None:
        _assess(**options)


def _assess(
    *,
    url: str | None,
    without: tuple[str, ...],
    proofs: Path | None,
    audit: Path | None,
    html: Path | None,
    as_json: Path | None,
    pages: int,
    slug: str | None,
) -> None:
    from troth.hub.setup import start  # noqa: PLC0415

    start()
    from troth.core.assess.making import signed  # noqa: PLC0415 - after setup
    from troth.core.organisations.scope import scope  # noqa: PLC0415
    from troth.hub.assessing.running import Wanted, run  # noqa: PLC0415
    from troth.hub.sites import organisation_named  # noqa: PLC0415

    organisation = organisation_named(slug)
    with scope(organisation):
        made = run(
            organisation,
            Wanted(url=url or "", without=without, proofs=proofs, audit=audit, pages=pages),
        )
        document = signed(made)
        if as_json:
            _write(as_json, json.dumps(document, indent=1, ensure_ascii=False) + "\n")
        if html:
            from troth.hub.assessing.report import render  # noqa: PLC0415

            _write(html, render(made))
    _tell(made)
    if not made.passed:
        raise SystemExit(1)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise Invalid(f"{path} cannot be written.", why=error.strerror or "") from error


def _tell(made: Assessment) -> None:
    from troth.core.assess.document import by_area  # noqa: PLC0415

    content = made.content
    for area in by_area(content):
        if area["checks"]:
            click.secho(area["label"], bold=True)
        for row in area["checks"]:
            sign, colour = SIGNS[row["state"]]
            click.echo(f"  {click.style(sign, fg=colour)} {row['key']:28} {row['says']}")
            for finding in row["findings"]:
                shown = finding["state"] == "failed" or row["state"] == "not looked at"
                if shown:
                    where = f"{finding['where']}: " if finding.get("where") else ""
                    click.echo(f"      {where}{finding['what']}")
                    if finding.get("do"):
                        click.echo(f"      → {finding['do']}")
    left = f", left out: {', '.join(content['left_out'])}" if content["left_out"] else ""
    click.echo(
        f"{made.verdict} {made.held} checks held, {made.failed} failed, "
        f"{made.unseen} not looked at{left}."
    )


@assess.command()
@click.argument("file", type=_THERE)
@click.option("--key", required=True, metavar="VKEY", help="The organisation's public key string.")
def verify(file: Path, key: str) -> None:
    """Check a signed assessment, offline, with the organisation's public key."""
    from troth.core.assess import document  # noqa: PLC0415 - needs no installation
    from troth.core.ledger.notes import NoteInvalid, Verifier  # noqa: PLC0415

    try:
        read = json.loads(file.read_text("utf-8"))
        content = document.check(read, Verifier.parse(key))
    except (ValueError, RecursionError) as error:
        raise Invalid(f"{file.name} is not JSON.", do="Use it as it was handed out.") from error
    except (document.DocumentInvalid, NoteInvalid) as error:
        raise Invalid(
            "This assessment does not hold.",
            why=f"{error.what[:1].upper()}{error.what[1:]}.",
            do="Ask the organisation for the file and its key again, and keep this one.",
        ) from error
    counts = content["counts"]
    click.echo(
        f"The signature holds: {content['organisation']['name']}, {content['at']}, policy "
        f"{content['policy']['version']}."
    )
    if read["receipt"]:
        place, ledger = read["receipt"]["position"], content["organisation"]["ledger"]
        click.echo(f"It is entry {place} of the ledger {ledger}.")
    else:
        click.echo("No receipt of the ledger is with it.")
    click.echo(
        f"{'It passed' if content['passed'] else 'It did not pass'}: {counts['held']} checks "
        f"held, {counts['failed']} failed, {counts['not looked at']} were not looked at."
    )
