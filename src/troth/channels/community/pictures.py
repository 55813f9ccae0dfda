"""Pictures that become public: looked at, written anew without what a camera noted, kept sealed."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any, Final

from troth.channels.conversations.api import IMAGES, sniff, without_metadata
from troth.core.errors import Invalid

MOST: Final = 512 * 1024
_TAKEN: Final = frozenset({"image/png", "image/jpeg", "image/webp"})


def taken(upload: Any) -> str:
    """The picture as text that can be held; "" for none. Raises `Invalid` for what is no picture
    or too large.
    """
    if not upload:
        return ""
    content = upload.read(MOST + 1)
    mime = sniff(content, str(upload.name))
    if mime not in _TAKEN or mime not in IMAGES:
        raise Invalid("This is no picture we can show.", do="Send a PNG, JPEG or WebP.")
    if len(content) > MOST:
        raise Invalid("This picture is too large.", do=f"Send one below {MOST // 1024} KB.")
    return f"{mime};{b64encode(without_metadata(content, mime)).decode()}"


def content(held: str) -> tuple[bytes, str]:
    """Bytes and media type of what was held."""
    mime, _, text = held.partition(";")
    return b64decode(text), mime
