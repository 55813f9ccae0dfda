"""Sending a campaign, and choosing whom it is for among a million; on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bench.figure import Figure
from bench.places import POSTGRES, SQLITE, inside, installed, processor
from bench.sinks import smtp_sink

MESSAGES: Final = 12_000
PEOPLE: Final = 1_000_000


def measure(names: Sequence[str]) -> dict[str, Figure]:
    """`campaign_send`, `campaign_floor` and `audience_freeze_1m`."""
    figures: dict[str, Figure] = {}
    if {"campaign_send", "campaign_floor"} & {*names}:
        found: dict[str, dict[str, Any]] = {}
        for engine in (SQLITE, POSTGRES):
            with (
                smtp_sink() as port,
                installed(engine, TROTH_SMTP_PORT=str(port)) as installation,
            ):
                found[engine] = inside(installation, "campaigns", str(MESSAGES), str(port))
        figures |= {"campaign_send": _send(found), "campaign_floor": _floor(found)}
    if "audience_freeze_1m" in names:
        frozen = {}
        for engine in (SQLITE, POSTGRES):
            with installed(engine, durable=False) as installation:
                frozen[engine] = inside(installation, "freezing", str(PEOPLE))
        figures["audience_freeze_1m"] = _freeze(frozen)
    return {name: figures[name] for name in names}


def _send(found: dict[str, dict[str, Any]]) -> Figure:
    worse = min(found, key=lambda engine: found[engine]["ratio"])
    said = " ".join(
        f"{engine}: {one['ours']:,.0f} a second with {one['ours_cpu'] * 1000:.2f} ms of CPU a "
        f"message, Django {one['peer']:,.0f} with {one['peer_cpu'] * 1000:.2f} ms "
        f"({one['ratio']:.1f}x)."
        for engine, one in found.items()
    )
    return Figure(
        round(found[worse]["ours"], 1),
        "messages/s",
        f"Django's send_messages over one connection, not signed ({worse})",
        round(found[worse]["ratio"], 2),
        f"{MESSAGES:,} personalised messages, signed with RSA-2048, with links of each person's "
        "own and one-click headers, each state written down, from 2 processes to postfix's "
        "smtp-sink on the same two cores; from the freezing to the last state. The addresses and "
        "names are unsealed and the gate is asked for each batch; Django's letters are as long and "
        f"neither signed, looked up nor recorded. {said} {processor()}.",
    )


def _floor(found: dict[str, dict[str, Any]]) -> Figure:
    worse = max(found, key=lambda engine: found[engine]["floor"] / found[engine]["ours"])
    one = found[worse]
    return Figure(
        round(one["floor"], 1),
        "messages/s",
        f"campaign_send ({worse})",
        round(one["floor"] / one["ours"], 1),
        "One signed message made beforehand and written again and again on one pipelined "
        "connection: what the net and the sink take. The ratio is how far we are from it.",
    )


def _freeze(found: dict[str, dict[str, Any]]) -> Figure:
    worse = max(found, key=lambda engine: found[engine]["freeze"])
    said = " ".join(
        f"{engine}: counting {one['explain']:.1f} s, making {one['made']:,} copies "
        f"{one['freeze']:.1f} s."
        for engine, one in found.items()
    )
    return Figure(
        round(found[worse]["freeze"], 1),
        "s",
        f"none ({worse})",
        None,
        f"{PEOPLE:,} people, 30% excluded for five reasons (refused, no solicitation, restricted, "
        "address suppressed, given for other purposes): who gets it and who does not by reason, "
        f"and one copy a person. {said}",
    )
