"""Business calendars: `CA-BC` is Canada, British Columbia, as the `holidays` package names them."""

from __future__ import annotations

import ast
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase


class CalendarMissing(LookupError):
    """No such business calendar, or none was given where business days are counted."""


@cache
def calendar(name: str) -> HolidayBase:
    """The holidays of a country or a part of it, filling in years as they are asked for.

    Raises CalendarMissing for an unknown or empty name.
    """
    import holidays  # noqa: PLC0415 - takes most of a second, and few need it

    country, _, part = name.partition("-")
    try:
        return holidays.country_holidays(country, subdiv=part or None)
    except (NotImplementedError, AttributeError) as error:
        raise CalendarMissing(f"There is no business calendar named {name!r}") from error


@cache
def fault(name: str) -> str:
    """What is wrong with a calendar's name, or "".

    Importing `holidays` takes most of a second, so its tables are read as text when that works.
    """
    country, _, part = name.partition("-")
    modules = _countries()
    if not modules:
        try:
            calendar(name)
        except CalendarMissing as error:
            return str(error)
        return ""
    if country not in modules:
        return f"no country has the code `{country}`"
    parts = _constant(f"countries/{modules[country]}.py", "subdivisions")
    if part and isinstance(parts, tuple) and part not in parts:
        return f"`{country}` has no part `{part}`; known are {', '.join(parts)}"
    if part and parts is None:
        return f"`{country}` has no calendars for its parts"
    return ""


@cache
def _countries() -> dict[str, str]:
    table = _constant("registry.py", "COUNTRIES")
    if not isinstance(table, dict):
        return {}
    return {names[1]: module for module, names in table.items()}


def _constant(file: str, name: str) -> object:
    """The value of the first literal assignment to a name in a file of `holidays`, or None."""
    spec = find_spec("holidays")
    folders = spec.submodule_search_locations if spec else None
    try:
        tree = ast.parse(Path(folders[0], file).read_bytes()) if folders else ast.Module([], [])
    except (OSError, SyntaxError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign):
            targets: list[ast.expr] = [node.target]
        elif isinstance(node, ast.Assign):
            targets = node.targets
        else:
            continue
        if node.value and any(isinstance(one, ast.Name) and one.id == name for one in targets):
            try:
                value: object = ast.literal_eval(node.value)
            except ValueError:
                return ""  # put together from other constants: it exists, that is all we know
            return value
    return None
