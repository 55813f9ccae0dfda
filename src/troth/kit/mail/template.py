"""Filling a Markdown mail template: what a value holds is shown, never obeyed.

A template is Markdown whose first line is `Subject: …`. Values are escaped for Markdown, so a name
such as `[free](https://elsewhere.example)` arrives as those characters and not as a link. Write
links as `[words]({{ address }})`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.template import Context, Template
from django.template.base import Node, TextNode, VariableNode
from django.template.defaulttags import ForNode, IfNode, LoadNode, WithNode
from django.template.loader import get_template
from django.utils.safestring import SafeString

from troth.core.errors import Invalid
from troth.kit.mail.text import inline

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_BREAK = "\ue000"  # a line break inside a value, until it is known that no header holds it
_ALLOWED = (TextNode, VariableNode, IfNode, ForNode, WithNode, LoadNode)


class MailTemplateInvalid(Invalid):
    """A mail template without a subject, or with a tag whose output would not be escaped."""

    status = 500


@dataclass(frozen=True, slots=True)
class Composed:
    subject: str
    body: str


class _Quoted(VariableNode):
    """A variable whose value is text and stays text."""

    def render(self, context: Context) -> SafeString:
        value = self.filter_expression.resolve(context)
        return SafeString(quote("" if value is None else str(value)))


def compose(template: str, context: Mapping[str, Any]) -> Composed:
    """Subject and Markdown body of a template, filled. MailTemplateInvalid if it is not one."""
    filled = _compiled(template).render(Context(dict(context), autoescape=False))
    first, _, body = filled.lstrip().partition("\n")
    if not first.startswith("Subject:"):
        raise MailTemplateInvalid(
            f"The mail template {template} has no subject.",
            do="Begin it with a line such as 'Subject: Your appointment'.",
        )
    subject = inline(first.removeprefix("Subject:").strip())
    # A value's line break is left in the subject as a character no header accepts.
    body = re.sub(r"\n{3,}", "\n\n", body.replace(_BREAK, "\\\n")).strip()
    return Composed(subject.replace(_BREAK, "\n"), body)


def quote(value: str) -> str:
    """Text as Markdown that shows exactly this text."""
    lines = [line.strip() for line in value.replace(_BREAK, " ").splitlines()]
    return _BREAK.join(_PUNCTUATION.sub(r"\\\1", line) for line in lines)


@cache
def _compiled(name: str) -> Template:
    found = get_template(name).template  # type: ignore[attr-defined]
    template = Template(found.source, origin=found.origin, name=name)
    for node in template.nodelist.get_nodes_by_type(Node):
        if not isinstance(node, _ALLOWED):
            raise MailTemplateInvalid(
                f"The mail template {name} uses a tag that may not stand in a mail.",
                do="Use variables, if, for and with; work the rest out in the context.",
            )
        if isinstance(node, VariableNode):
            node.__class__ = _Quoted
    return template
