from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

USED = register("gate.used", sentence="{actor} read your {data} for {purpose}").name
USED_MANY = register(
    "gate.used_many",
    sentence="{actor} used your {data} for {purpose}, in bulk with {others} other people",
).name
DISCLOSED_MANY = register(
    "gate.disclosed_many",
    sentence="{actor} gave your {data} to {to} for {purpose}, in bulk with {others} other people",
    detail={"case": kinds.reference},
).name
FIGURES = register(
    "gate.figures_given",
    sentence="{actor} gave figures over groups of at least {least} people to {to} for {purpose}",
    detail={"groups": kinds.integer, "least": kinds.integer},
).name
SEARCHED = register("gate.searched", sentence="{actor} looked for a person by {data}").name
OWN = register("gate.read_own", sentence="You looked at your own data").name
DISCLOSED = register(
    "gate.disclosed",
    sentence="{actor} gave your {data} to {to} for {purpose}",
    detail={"case": kinds.reference},
).name
DENIED = register(
    "gate.denied",
    sentence="{actor} was refused your {data} for {purpose}",
    detail={"reason": kinds.key, "case": kinds.reference},
).name
UNTOLD = register(
    "notices.untold",
    sentence="The mail that told you of version {version} came back: you count as not told",
    detail={"way": kinds.key},
).name
TOLD = register(
    "notices.told", sentence="You were told of version {version}", detail={"way": kinds.key}
).name
SEEN = register(
    "notices.seen",
    sentence="You were shown what changed in version {version}",
    detail={"way": kinds.key},
).name
ACCEPTED = register(
    "notices.accepted", sentence="You accepted version {version}", detail={"way": kinds.key}
).name
