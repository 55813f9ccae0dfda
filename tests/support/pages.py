"""Forms of a page, read and sent as a browser without JavaScript does."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from support.reader import Page, Reader


@dataclass
class Form:
    """One form: where it goes, what it would send as it stands, and what its buttons add."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[tuple[str, str]] = field(default_factory=list)
    """Check boxes and radio buttons that are not ticked."""

    def names(self) -> set[str]:
        """The names of all that can be filled in."""
        return {name for name, _ in self.fields + self.boxes}


class _Reading(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.forms, self.area, self.select, self.first = url, list[Form](), "", "", True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            action = urljoin(self.url, given.get("action") or self.url)
            self.forms.append(Form(action, given.get("method", "get").lower()))
        elif self.forms and "disabled" not in given:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form, name, value = self.forms[-1], given.get("name", ""), given.get("value", "")
        kind = given.get("type", "")
        if tag == "button" or (tag == "input" and kind == "submit"):
            form.buttons.append((name, value))
        elif tag == "input" and kind in {"checkbox", "radio"}:
            (form.fields if "checked" in given else form.boxes).append((name, value or "on"))
        elif tag == "input" and name:
            form.fields.append((name, value))
        elif tag == "textarea":
            self.area = name
            form.fields.append((name, ""))
        elif tag == "select":
            self.select, self.first = name, True
        elif tag == "option" and self.select:
            if self.first or "selected" in given:
                form.fields = [one for one in form.fields if one[0] != self.select]
                form.fields.append((self.select, value))
            self.first = False

    def handle_data(self, data: str) -> None:
        if self.area:
            name, before = self.forms[-1].fields[-1]
            self.forms[-1].fields[-1] = (name, before + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""


def forms(page: Page) -> list[Form]:
    """All forms of a page, in order; what asks about cookies on every page comes last."""
    reading = _Reading(page.url)
    reading.feed(page.text)
    return sorted(reading.forms, key=lambda one: one.action.endswith("/cookies"))


def form(page: Page, having: str = "", *, to: str = "") -> Form:
    """The first form that posts, with a control named `having` and an address with `to` in it."""
    found = [
        one
        for one in forms(page)
        if one.method == "post" and to in one.action
        if not having or having in one.names() | {name for name, _ in one.buttons}
    ]
    assert found, f"no form with {having!r} to {to!r} at {page.url} ({page.status}): {page.words}"
    return found[0]


def submit(
    reader: Reader, page: Page, /, having: str = "", *, to: str = "", **values: str | list[str]
) -> Page:
    """Fill in a form of the page and send it: `name_of_field="value"`, a list for several.

    Underscores stand for hyphens where the form has no field of the name as it is written.
    """
    found = form(page, having, to=to)
    known = found.names() | {name for name, _ in found.buttons}
    given = {
        name if name in known else name.replace("_", "-"): [value]
        if isinstance(value, str)
        else value
        for name, value in values.items()
    }
    kept = [(name, value) for name, value in found.fields if name not in given]
    sent = [(name, value) for name, several in given.items() for value in several]
    return reader.post(found.action, kept + sent)
