"""`troth policy …`: check, compare, render and picture policy files."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from troth.policy.model import Policy
    from troth.policy.reading import Reading

# The parts are imported where they are used, so that `check` starts without the renderer.
# ruff: noqa: PLC0415

_FILE = click.Path(path_type=Path)


@click.group()
def policy() -> None:
    """Check, compare and show policy files."""


@policy.command()
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.option("--quiet", is_flag=True, help="Leave notes out.")
def check(files: tuple[Path, ...], as_json: bool, quiet: bool) -> None:
    """Report every problem of policy files. Exits with 1 if there is an error."""
    from troth.policy.report import Report

    report = Report(colour=_colour())
    readings = [_read(path) for path in files]
    problems = [
        problem
        for reading in readings
        for problem in reading.problems
        if not (quiet and problem.severity == "note")
    ]
    if as_json:
        click.echo(json.dumps([problem.as_dict() for problem in problems], indent=2))
    else:
        for path, reading in zip(files, readings, strict=True):
            shown = [problem for problem in problems if problem in reading.problems]
            click.echo(report.file(str(path), reading.source, shown), nl=False)
        click.echo(report.summary(len(files), problems))
    if any(reading.errors for reading in readings):
        raise SystemExit(1)


@policy.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
def compare(old: Path, new: Path, as_json: bool) -> None:
    """Say what changed in effect between two versions, clause by clause."""
    from troth.policy.comparison import compare as compared
    from troth.policy.report import Report

    found = compared(_policy(old), _policy(new))
    if as_json:
        click.echo(json.dumps(found.as_dict(), indent=2))
    else:
        click.echo(Report(colour=_colour()).comparison(found), nl=False)


@policy.command()
@click.argument("file", type=_FILE)
@click.option(
    "--format", "form", type=click.Choice(["html", "markdown"]), default="html", show_default=True
)
@click.option("-o", "--output", type=_FILE, help="Write to a file.")
def render(file: Path, form: str, output: Path | None) -> None:
    """Show a policy as people read it, with an anchor for each clause."""
    from troth.policy.render import render_html, render_markdown

    found = _policy(file)
    _write(render_html(found) if form == "html" else render_markdown(found), output)


@policy.command()
@click.argument("file", type=_FILE)
@click.option("-o", "--output", type=_FILE, help="Write to a file.")
def picture(file: Path, output: Path | None) -> None:
    """Draw where data comes from, what for, and where it goes, as SVG."""
    from troth.policy.flow import picture as drawn

    _write(drawn(_policy(file)), output)


@policy.command()
@click.option("-o", "--output", type=_FILE, help="Write to a file.")
def schema(output: Path | None) -> None:
    """Print the JSON Schema of the format, for editors."""
    from troth.policy.schema import text

    _write(text(), output)


def _read(path: Path) -> Reading:
    from troth.policy.document import LARGEST
    from troth.policy.reading import read

    try:
        with path.open("rb") as file:
            source = file.read(LARGEST + 1)  # enough for the reader to see that it is too large
    except OSError as error:
        raise click.ClickException(
            f"{path} cannot be read: {error.strerror}. Check the name and the permissions."
        ) from error
    return read(source, str(path))


def _policy(path: Path) -> Policy:
    """The policy of a file, or else its errors and exit status 1."""
    from troth.policy.report import Report

    reading = _read(path)
    if reading.policy is None:
        report = Report(colour=_colour(sys.stderr.isatty()))
        click.echo(report.file(str(path), reading.source, list(reading.errors)), nl=False, err=True)
        click.echo(report.summary(1, list(reading.errors)), err=True)
        raise SystemExit(1)
    return reading.policy


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=not text.endswith("\n"))
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}") from error


def _colour(terminal: bool | None = None) -> bool:
    terminal = sys.stdout.isatty() if terminal is None else terminal
    return terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
