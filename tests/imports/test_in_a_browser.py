"""A list comes in through a real browser and a real worker; axe on every page of the way."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from support.browser import for_everybody
from support.installations import Installation, Site, served

ADDRESS, PASSWORD = "owner@staff.example", "six geese a-laying eggs"
MAKE = f"""
import django; django.setup()
from troth.channels.accounts.api import register_staff
from troth.core.actors import Actor
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.core.staff.models import Role
with scope(Organisation.objects.get()):
    register_staff(Actor.system("cli"), "Olive Owner", "{ADDRESS}", Role.objects.get(name="Owner"),
                   password="{PASSWORD}", undertaken=True)
"""
LIST = [
    "E-mail;Full name;Shoe size;Permission",
    "ada@people.example;Ada Example;38;Fair in Ghent, 3 May 2014",
    "bob@people.example;Bob Example;44;",
    "carl@people;Carl;43;2014-05-03",
]


@pytest.fixture(scope="module")
def desk_site(make_installation: Callable[..., Installation]) -> Iterator[Site]:
    """A site whose policy takes lists, with an owner."""
    made = make_installation(company="comintech")
    environment = made.variables() | {"DJANGO_SETTINGS_MODULE": "troth.hub.settings"}
    subprocess.run([sys.executable, "-c", MAKE], env=environment, check=True)
    with served(made, "web", "worker") as site:
        yield site


def log_in(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/console/imports/")
    page.locator("input[name=name]").fill(ADDRESS)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/console/imports/")


def sound(page: Page) -> None:
    """Nothing against the page as it stands, for anybody."""
    assert not for_everybody(page), page.url


def bring(page: Page, path: Path) -> None:
    """The whole way, by keyboard and mouse."""
    sound(page)
    page.goto(f"{page.url}new")
    sound(page)
    page.get_by_label("The list").set_input_files(path)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/console/imports/*")
    expect(page.get_by_role("heading", name="Which column is what?")).to_be_visible(timeout=20_000)
    sound(page)
    page.get_by_role("button", name="Try it").click()
    let_in = page.get_by_role("button", name="Let them in")
    expect(let_in).to_be_visible(timeout=20_000)
    sound(page)
    let_in.click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("its key was destroyed")).to_be_visible(timeout=20_000)
    sound(page)


@pytest.fixture
def list_file(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text("\n".join(LIST), encoding="utf-8-sig")
    return path


@pytest.mark.xdist_group("imports")
def test_the_whole_way_on_a_phone(
    desk_site: Site, new_page: Callable[..., Page], list_file: Path
) -> None:
    page = new_page(has_touch=True)
    log_in(page, desk_site)
    bring(page, list_file)
    with page.expect_download() as download:
        page.get_by_role("link", name="Problems by line").click()
    problems = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in problems] == ["Line", "3", "4"]


@pytest.mark.xdist_group("imports")
def test_the_whole_way_without_javascript(
    desk_site: Site, new_page: Callable[..., Page], list_file: Path
) -> None:
    page = new_page(java_script_enabled=False)
    log_in(page, desk_site)
    page.get_by_role("link", name="New").click()
    page.get_by_label("The list").set_input_files(list_file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("button", name="Try it")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Try it").click()
    page.get_by_text("Cancel this import").click(timeout=20_000)
    page.get_by_role("button", name="Cancel the import").click()
    expect(page.get_by_text("Cancelled").first).to_be_visible()
