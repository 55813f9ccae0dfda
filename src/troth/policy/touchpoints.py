"""Where data is collected, as a form needs to know it."""

from __future__ import annotations

from dataclasses import dataclass

from troth.policy import taxonomy
from troth.policy.blocks import Collect
from troth.policy.model import Element, Policy

SHORT, LONG = 200, 5_000
"""Characters that a field of one line, and one of several, takes if the policy says nothing."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a person is asked for. `pass_to` is the processor it goes straight to, or ""."""

    key: str
    category: str
    label: str
    hint: str = ""
    required: bool = False
    multiline: bool = False
    options: tuple[str, ...] = ()
    max_length: int = 200
    clause: str = ""
    pass_to: str = ""


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """All that collect clauses say about one place; `clause` and `text` are the first one's.

    `data` are the categories collected there without being asked for.
    """

    key: str
    title: str
    clause: str
    text: str
    purposes: tuple[str, ...]
    fields: tuple[Field, ...]
    data: tuple[str, ...]
    source: str
    register: tuple[str, ...]


def title(policy: Policy, key: str) -> str:
    """What people call a touchpoint: its title, or else the last part of its key."""
    titles = (block.title for block in policy.collects if block.at == key and block.title)
    return next(titles, key.partition(".")[2].replace("-", " ").capitalize())


def touchpoints(policy: Policy) -> dict[str, Touchpoint]:
    """The touchpoints of a policy, in document order."""
    blocks: dict[str, list[Collect]] = {}
    for block in policy.collects:
        blocks.setdefault(block.at, []).append(block)
    return {key: _touchpoint(policy, key, group) for key, group in blocks.items()}


def _touchpoint(policy: Policy, key: str, group: list[Collect]) -> Touchpoint:
    first = group[0]
    clause = policy.clause(first.clause)
    fields: dict[str, Field] = {}
    for block in group:
        for name in block.required + block.optional:
            field = _field(policy, name, block, required=name in block.required)
            fields.setdefault(name, field)
    return Touchpoint(
        key,
        title(policy, key),
        first.clause,
        clause.text if clause else first.text,
        tuple(dict.fromkeys(name for block in group for name in block.purposes)),
        tuple(fields.values()),
        tuple(dict.fromkeys(policy.category(name) for block in group for name in block.data)),
        first.source,
        tuple(dict.fromkeys(name for block in group for name in block.register)),
    )


def _field(policy: Policy, name: str, block: Collect, *, required: bool) -> Field:
    element = policy.elements.get(name)
    if element is None:
        free = taxonomy.covers("user.content", name)
        element = Element(data=name, multiline=free)
    return Field(
        name,
        element.data,
        element.label or taxonomy.label(element.data),
        element.hint,
        required,
        element.multiline,
        element.options,
        element.max_length or (LONG if element.multiline else SHORT),
        block.clause,
        block.pass_to,
    )
