"""The command line: `troth`. Groups are loaded when they are called, so that help is quick."""

from __future__ import annotations

import importlib
import os
import sys

import click

from troth.core.errors import Refusal

COMMANDS = {
    "policy": "troth.policy.cli:policy",
    "clauses": "troth.core.assess.cli:clauses",
    "ledger": "troth.core.ledger.cli:ledger",
    "choices": "troth.core.choices.cli:choices",
    "init": "troth.hub.commands.install:init",
    "demo": "troth.hub.commands.demo:demo",
    "contract": "troth.hub.commands.contract:contract",
    "publish": "troth.hub.commands.publish:publish",
    "retention": "troth.core.retention.cli:retention",
    "backup": "troth.hub.commands.backup:backup",
    "restore": "troth.hub.commands.restore:restore",
    "serve": "troth.hub.commands.serve:serve",
    "key": "troth.hub.commands.key:key",
    "assess": "troth.hub.commands.assess:assess",
    "why": "troth.hub.commands.why:why",
    "check": "troth.hub.commands.check:check",
    "connect": "troth.hub.commands.connect:connect",
    "recipients": "troth.hub.commands.recipients:recipients",
    "campaigns": "troth.channels.campaigns.cli:campaigns",
    "staff": "troth.hub.commands.staff:staff",
}


class Lazy(click.Group):
    """A group whose commands are imported by name when they run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", type=click.Path(file_okay=False), help="The installation folder.")
@click.version_option(package_name="troth")
def troth(home: str | None) -> None:
    """Troth: customer service whose privacy policy is the program."""
    if home:
        os.environ["TROTH_HOME"] = home
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "troth.hub.settings")


def main() -> None:
    """Run the command line; a refusal is three lines on standard error and exit status 1."""
    try:
        troth(standalone_mode=False)
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
