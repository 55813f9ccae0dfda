"""Following opens and clicks: only for those whose own choice permits it, and only where a clause
of the policy collects it. Everybody else gets the letter as it was written.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from django.core.signing import Signer

from troth.kit.mail.press import Fill, Parts

_LINK: Final = re.compile(r'(<a [^>]*?href=")(https?://[^"]+)(")')
_signer = Signer(salt="troth.campaigns.click", sep="~")


def followed(page: Parts, base: str) -> Parts:
    """The page with its links over us and a picture too small to see."""
    made: list[str | Fill] = []
    for part in page:
        if isinstance(part, Fill):
            made.append(part)
            continue
        text = part
        while match := _LINK.search(text):
            made.append(text[: match.start()] + match[1] + f"{base}/campaigns/click/")
            made.append(Fill("_token"))
            made.append(f"?to={quote(signed(match[2]), safe='~')}")
            text = text[match.end(2) :]
        head, body, tail = text.rpartition("</body>")
        if body:
            made += [f'{head}<img src="{base}/campaigns/open/', Fill("_token")]
            text = f'" width="1" height="1" alt="">{body}{tail}'
        made.append(text)
    return tuple(made)


def signed(address: str) -> str:
    """An address of a letter, so that the redirect leads nowhere else."""
    return _signer.sign(address.replace("&amp;", "&"))


def address(text: str) -> str:
    """The address inside. Raises `django.core.signing.BadSignature`."""
    return _signer.unsign(text)
