"""What other parts may use of notices."""

from __future__ import annotations

from troth.channels.notices.announcing import purposes as writing_purposes, stopped
from troth.channels.notices.news import News, answer, of as news_of, show, unread

__all__ = ["News", "answer", "news_of", "show", "stopped", "unread", "writing_purposes"]
