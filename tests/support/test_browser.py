"""The tests' browser runs pages, and axe finds what is wrong with them."""

from __future__ import annotations

from playwright.sync_api import Page

from support.browser import axe

BEGIN = "<!doctype html><html lang='en'><title>A page</title><main><h1>A page</h1>"


def test_a_sound_page_has_no_violation(page: Page) -> None:
    page.set_content(f"{BEGIN}<label>Name <input name='name'></label></main></html>")
    page.get_by_label("Name").fill("Ada")
    assert page.get_by_label("Name").input_value() == "Ada"
    assert axe(page) == []


def test_axe_knows_wcag_2_2_and_says_where(page: Page) -> None:
    small = "<button style='width:9px;height:9px;padding:0;border:0'>{}</button>"
    page.set_content(f"{BEGIN}{small.format('a')}{small.format('b')}<input></main></html>")
    violations = "\n".join(axe(page))
    assert "target-size" in violations
    assert "label (critical) at ['input']" in violations
