"""The picture too small to see, and links that were followed. Only letters to people who agreed
have them; what comes for anybody else is answered alike and noted nowhere.
"""

from __future__ import annotations

from base64 import b64decode
from typing import Final

from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from troth.channels.campaigns.opening import note_opening
from troth.channels.campaigns.sending import following
from troth.channels.campaigns.tokens import CopyMissing, copy_of

_GIF: Final = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@never_cache
@require_safe
def picture(request: HttpRequest, token: str) -> HttpResponse:
    """One transparent pixel."""
    copy = copy_of(token)
    if request.method == "GET":
        note_opening(copy, what="opened_at")
    return HttpResponse(_GIF, content_type="image/gif")


@never_cache
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """On to the address in the letter, which is signed: this redirects nowhere else."""
    copy = copy_of(token)
    try:
        address = following.address(request.GET.get("to", ""))
    except BadSignature:
        raise CopyMissing from None
    if request.method == "GET":
        note_opening(copy, what="clicked_at")
    return HttpResponseRedirect(address)
