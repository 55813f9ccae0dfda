"""Where Chromium is: the machine's own, or the one that scripts/browser.sh put beside the code."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from troth.core.assess.source import ROOT
from troth.core.errors import Missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TOOLS: Final = ROOT / ".tools"
FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",  # Root and containers cannot have it; only the company's own pages are opened.
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
WCAG: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""The rules of axe for WCAG 2.2, levels A and AA."""


class BrowserMissing(Missing):
    """There is no browser to look at the site with."""


def chromium() -> str:
    """The path of a Chromium. Raises `BrowserMissing`."""
    found = shutil.which("chromium") or shutil.which("chromium", path=TOOLS / "bin")
    if found is None:
        raise BrowserMissing(
            "There is no Chromium here.",
            do="Install the package chromium, or run `sh scripts/browser.sh` in the checkout.",
        )
    return found


def libraries() -> str:
    """Folders of libraries that scripts/browser.sh unpacked because the system lacks them."""
    return ":".join(map(str, (TOOLS / "debian/usr/lib").glob("*-linux-gnu")))


def axe_source() -> str:
    """The accessibility engine, as a script. Raises `BrowserMissing`."""
    try:
        return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    except ModuleNotFoundError:
        raise _extra() from None


@contextmanager
def browser(*flags: str) -> Iterator[Browser]:
    """A Chromium, until the end of the block. Raises `BrowserMissing`."""
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise _extra() from None
    path = chromium()
    # Playwright keeps an event loop in this thread, which Django would take for an async view.
    changed = {"DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    if extra := libraries():
        changed["LD_LIBRARY_PATH"] = extra
    with _environment(changed), sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
        except Error as error:
            raise BrowserMissing(
                "Chromium does not start.",
                why=str(error.message).partition("\n")[0],
                do="Run `sh scripts/browser.sh` in the checkout, or install the package chromium.",
            ) from None
        try:
            yield started
        finally:
            started.close()


def _extra() -> BrowserMissing:
    return BrowserMissing(
        "The packages that drive a browser are not installed.",
        do="In the checkout run `sh scripts/setup.sh all`; elsewhere install 'troth[assess]'.",
    )


@contextmanager
def _environment(changed: dict[str, str]) -> Iterator[None]:
    before: dict[str, Any] = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
