"""What templates of the inbox need besides the kit."""

from __future__ import annotations

from django.template import Library
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe

from troth.channels.conversations.attaching.api import WORDS

register = Library()
_REL = 'rel="nofollow"'
_AWAY = 'target="_blank" rel="noopener noreferrer nofollow"'


@register.filter
def file_reason(reason: str) -> str:
    """Why a file was refused, for people: `It is too large`."""
    words = WORDS.get(reason, "it was refused")
    return words[:1].upper() + words[1:]


@register.filter
def linked(text: str) -> SafeString:
    """Plain text with its addresses as links that open apart and tell nobody where from."""
    made = urlize(text, nofollow=True, autoescape=True)
    return mark_safe(made.replace(_REL, _AWAY))  # noqa: S308 - urlize has escaped it
