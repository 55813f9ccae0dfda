"""The names of fideslang's taxonomy: data categories and data uses, as trees of dotted keys.

Importing fideslang builds a validation model for every key, which takes over half a second, more
than a whole check may. So the keys are read from its source instead, and only if that source is
no longer the plain list it has been is the package imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

LABELS = {
    "user": "All personal data",
    "user.contact": "Contact details",
    "user.contact.address": "Postal address",
    "user.contact.email": "E-mail address",
    "user.contact.url": "Web site",
    "user.content": "What you write",
    "user.content.private": "Your message",
    "user.contact.organization": "Company",
    "user.name": "Name",
}
"""Labels beside a form field, where fideslang's own name would read oddly."""

SENSITIVE = (
    "user.biometric",
    "user.authorization.biometric",
    "user.childrens",
    "user.criminal_history",
    "user.demographic.political_opinion",
    "user.demographic.race_ethnicity",
    "user.demographic.religious_belief",
    "user.demographic.sexual_orientation",
    "user.health_and_medical",
)
"""Categories that the law of most countries singles out (GDPR articles 8, 9 and 10)."""

CARD = "user.financial.credit_card"


@dataclass(frozen=True)
class Tree:
    """Dotted keys with the name each has for people."""

    names: dict[str, str]
    replaced: dict[str, str]
    _under: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, compare=False)
    """What was found below its own keys: each policy asks for the same ones many times."""

    def __contains__(self, key: object) -> bool:
        return key in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def under(self, key: str) -> tuple[str, ...]:
        """The key and all its descendants."""
        found = self._under.get(key)
        if found is None:
            found = tuple(name for name in self.names if covers(key, name))
            if key in self.names:
                self._under[key] = found
        return found


def covers(key: str, other: str) -> bool:
    """Whether a statement about `key` is also one about `other`; `a.*` means the same as `a`."""
    key = key.removesuffix(".*")
    return other == key or other.startswith(key + ".")


def overlap(one: str, other: str) -> bool:
    """Whether one of the two keys stands under the other."""
    return covers(one, other) or covers(other, one)


@cache
def categories() -> Tree:
    """All data categories, such as `user.contact.email`."""
    return _tree("data_categories")


@cache
def uses() -> Tree:
    """All data uses, such as `marketing.communications.email`."""
    return _tree("data_uses")


def label(category: str) -> str:
    """What a form calls a category when the policy gives it no name."""
    name = categories().names.get(category, category)
    name = name.removeprefix("User Contact ").removeprefix("User ")
    plain = " ".join(word if word.isupper() else word.lower() for word in name.split())
    return LABELS.get(category, plain[:1].upper() + plain[1:])


def _tree(module: str) -> Tree:
    entries = _from_source(module) or _from_package(module)
    return Tree(
        {entry["fides_key"]: entry["name"] for entry in entries},
        {
            entry["fides_key"]: entry.get("replaced_by", "")
            for entry in entries
            if entry.get("version_deprecated")
        },
    )


def _from_source(module: str) -> list[dict[str, str]]:
    spec = find_spec("fideslang")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        return []
    path = Path(folders[0], "default_taxonomy", f"{module}.py")
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError):
        return []
    entries = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            words = {
                word.arg: word.value.value
                for word in node.keywords
                if word.arg
                and isinstance(word.value, ast.Constant)
                and isinstance(word.value.value, str)
            }
            if "fides_key" in words and "name" in words:
                entries.append(words)
    return entries


def _from_package(module: str) -> list[dict[str, str]]:
    from fideslang.default_taxonomy import DEFAULT_TAXONOMY  # noqa: PLC0415 - as said above

    kind = DEFAULT_TAXONOMY.data_category if module == "data_categories" else None
    found = kind if kind is not None else DEFAULT_TAXONOMY.data_use
    return [item.model_dump(include=_KEPT, exclude_none=True) for item in found]


_KEPT = {"fides_key", "name", "version_deprecated", "replaced_by"}
