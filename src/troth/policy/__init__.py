"""The policy language: read, check, compile, compare and render a privacy policy.

Pure Python; nothing here knows Django.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from troth.policy.model import Clause, Policy
from troth.policy.problems import Problem
from troth.policy.reading import Reading, read
from troth.policy.rules import Rules, compile  # noqa: A004
from troth.policy.touchpoints import Field, Touchpoint
from troth.policy.verdicts import Rule

if TYPE_CHECKING:
    from troth.policy.comparison import Change, Comparison, compare
    from troth.policy.flow import picture
    from troth.policy.render import render_html, render_markdown

__all__ = [
    "Change",
    "Clause",
    "Comparison",
    "Field",
    "Policy",
    "Problem",
    "Reading",
    "Rule",
    "Rules",
    "Touchpoint",
    "compare",
    "compile",
    "picture",
    "read",
    "render_html",
    "render_markdown",
]

_LATER = {
    "Change": "troth.policy.comparison",
    "Comparison": "troth.policy.comparison",
    "compare": "troth.policy.comparison",
    "picture": "troth.policy.flow",
    "render_html": "troth.policy.render",
    "render_markdown": "troth.policy.render",
}
"""What is imported when first asked for, so that checking a file starts quickly."""


def __getattr__(name: str) -> object:
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
