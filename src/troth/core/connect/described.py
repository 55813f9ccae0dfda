"""The YAML of a description, whatever it describes."""

from __future__ import annotations

from typing import Any, Final

import yaml

from troth.core.errors import Invalid

LARGEST: Final = 2_000_000
# What PyYAML lets through where a value is not of the kind it is said, or looks, to be.
_WRONG: Final = (ValueError, AttributeError, LookupError, OverflowError, RecursionError)


class DescriptionInvalid(Invalid):
    """The description cannot be read, or says something that does not hold together."""


class _Loader(yaml.SafeLoader):
    """Safe YAML without aliases, which can make a small file huge."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read here")
        return super().compose_node(parent, index)


def loaded(text: str) -> Any:
    """What a YAML text says. Raises `DescriptionInvalid`."""
    if len(text) > LARGEST:
        raise DescriptionInvalid("The description is too long.", why=f"Over {LARGEST} characters.")
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader that takes even less
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise DescriptionInvalid(
            "The description is not YAML.",
            why=f"Line {mark.line + 1}, column {mark.column + 1}." if mark else str(error),
        ) from None
    except _WRONG:
        raise DescriptionInvalid(
            "The description cannot be read.",
            why="A date or number in it is none, or it goes too deep.",
        ) from None
