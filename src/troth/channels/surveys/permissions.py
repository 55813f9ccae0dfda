from __future__ import annotations

from troth.channels.surveys.building import ABILITY
from troth.kit.permissions import PUBLIC

PERMISSIONS = {
    "surveys:index": PUBLIC,
    "surveys:survey": PUBLIC,
    "surveys:entered": PUBLIC,
    "surveys:draw": PUBLIC,
    "surveys:list": ABILITY,
    "surveys:new": ABILITY,
    "surveys:new-contest": ABILITY,
    "surveys:one": ABILITY,
    "surveys:edit": ABILITY,
    "surveys:move": ABILITY,
    "surveys:put-off": ABILITY,
    "surveys:unask": ABILITY,
    "surveys:results": ABILITY,
    "surveys:export": ABILITY,
}
