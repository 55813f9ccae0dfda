"""`troth demo`: a company's site with generated people, served on this machine."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from troth.hub.beside import apart

if TYPE_CHECKING:
    from troth.core.organisations.models import Organisation
    from troth.hub.home import Home

HOST = "127.0.0.1"


@click.command()
@click.option("--company", default="comm100", show_default=True, help="Whose policy to run.")
@click.option("--port", default=8000, show_default=True)
@click.option("--home", help="The folder that holds a folder for each company.")
@click.option("--people", default=240, show_default=True, help="How many, when it is made.")
@click.option("--no-serve", is_flag=True, help="Make it, say where to look, and end.")
def demo(company: str, port: int, home: str | None, people: int, *, no_serve: bool) -> None:
    """Serve a company's site with generated people and a history. Data stays between starts."""
    base = Path(home or os.environ.get("TROTH_HOME", "var"))
    # Each company has a folder of its own, so that switching back finds everything as it was.
    os.environ["TROTH_HOME"] = str((base / Path(company).stem).absolute())
    os.environ["TROTH_DEMO"] = "1"
    os.environ["TROTH_URL"] = f"http://{HOST}:{port}"
    os.environ.setdefault("TROTH_SMTP_PORT", str(port + 1025))
    os.environ.setdefault("TROTH_TILL_PORT", str(port + 3025))
    os.environ.setdefault("TROTH_INBOUND_PORT", str(port + 2025))
    os.environ.setdefault("TROTH_INBOUND_DOMAIN", "mail.demo.example")
    from troth.hub.commands.install import policy_file  # noqa: PLC0415
    from troth.hub.commands.serve import name_live_port, run  # noqa: PLC0415
    from troth.hub.demo.marks import claim  # noqa: PLC0415
    from troth.hub.home import Home  # noqa: PLC0415 - reads the environment set above

    policy_file(company)
    claim(Home.current())  # before the settings look for the mark and the key that signs links
    name_live_port(port)
    apart(partial(_prepare, company, people, port))
    if not no_serve:
        run(host=HOST, port=port, workers=2)


def _prepare(company: str, people: int, port: int) -> None:
    """Have the demo there, and say where to look."""
    from troth.hub.commands.serve import ready  # noqa: PLC0415
    from troth.hub.setup import start  # noqa: PLC0415

    start(new=True)
    from django.conf import settings  # noqa: PLC0415

    from troth.hub.demo.selling import connect  # noqa: PLC0415

    organisation = _made(settings.HOME, company, people)
    connect(settings.HOME, organisation)
    ready()
    click.echo(_where_to_look(settings.HOME, organisation, f"http://{HOST}:{port}"))


def _made(home: Home, company: str, people: int) -> Organisation:
    """The demo as the last start left it, or a new one."""
    from troth.core.organisations.models import Organisation  # noqa: PLC0415
    from troth.hub.commands.install import policy_file  # noqa: PLC0415
    from troth.hub.demo.marks import made  # noqa: PLC0415
    from troth.hub.demo.seeding import make_demo  # noqa: PLC0415

    path = policy_file(company)
    if made(home):
        return Organisation.objects.get(slug=path.stem)
    click.echo(f"Making the demo of {path.stem}: about half a minute, once.", err=True)
    return make_demo(home, path, people=people, told=_progress)


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        click.echo(f"\r  {done} of {total} events of eighteen months{end}", nl=False, err=True)


def _where_to_look(home: Home, organisation: Organisation, url: str) -> str:
    """The block that says where everything is."""
    from troth.core.organisations.scope import scope  # noqa: PLC0415
    from troth.hub.demo.sample import sample_link  # noqa: PLC0415
    from troth.hub.demo.staff import remembered  # noqa: PLC0415

    with scope(organisation):
        preferences = sample_link()
    logins = {login.who: login for login in remembered(home)}
    rows: list[tuple[str, str]] = [
        ("Public site", f"{url}/"),
        ("See it hold", f"{url}/see-it-hold/"),
        ("Policy", f"{url}/policy"),
        ("Choices of a person", f"{url}{preferences}"),
        ("Mailbox", f"{url}/mailbox/"),
        ("Style guide", f"{url}/kit/styleguide"),
        ("Console", f"{url}/console/"),
    ]
    for who, label in (("owner", "  as the owner"), ("agent", "  as an agent")):
        rows += _login_rows(logins.get(who), label)
    if "customer" in logins:
        rows.append(("A customer's account", f"{url}/account/"))
        rows += _login_rows(logins["customer"], "  as")
    width = max(len(label) for label, _ in rows)
    title = f"{organisation.name}, a demo. All people in it are made up."
    lines = [title, "", *(f"  {label:<{width}}  {text}" for label, text in rows), ""]
    lines.append(f"  Everything is kept in {home.folder}. Stop with Ctrl-C.")
    return "\n" + "\n".join(lines) + "\n"


def _login_rows(login: Any, label: str) -> list[tuple[str, str]]:
    return [(label, f"{login.address}   password: {login.password}")] if login else []
