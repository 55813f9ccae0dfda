"""Changes in what is promised: recipients, retention, rights, cookies, deadlines and the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from troth.policy import taxonomy
from troth.policy.blocks import Block, Cookie, Keep, Recipient
from troth.policy.comparison.change import Changes
from troth.policy.effects import AFTERWARDS, SAFEGUARDS, WAYS, effect, listed, recipient_label
from troth.policy.model import Policy
from troth.policy.periods import Period
from troth.policy.rules import Rules

_FINALITY = {"erase": 2, "depersonalise": 1, "lock": 0}


def recipients(old: Policy, new: Policy, changes: Changes) -> None:
    """Recipients added, removed, and changed in what protects the data."""
    for key, party in new.recipients.items():
        before = old.recipients.get(key)
        if before is None:
            sentence = f"New recipient: {effect(new, party)}"
            changes.wider("recipient", party.clause, sentence, "added")
        else:
            _recipient(new, before, party, changes)
    for key, party in old.recipients.items():
        if key not in new.recipients:
            sentence = f"No longer a recipient: {party.name}."
            changes.better("recipient", party.clause, sentence, "removed")


def _recipient(policy: Policy, before: Recipient, party: Recipient, changes: Changes) -> None:
    kind, clause, name = "recipient", party.clause, party.name
    if before.name != party.name:
        changes.wider(kind, clause, f"{before.name} is now {name}.", "changed")
    if before.kind != party.kind:
        changes.wider(kind, clause, f"{name} is now a {party.kind}, not a {before.kind}.")
    if before.country != party.country:
        where = party.country or "a country that is not named"
        changes.weaker(kind, clause, f"{name} now holds data in {where}.")
    for lost in (one for one in before.safeguards if one not in party.safeguards):
        changes.weaker(kind, clause, f"{name} is no longer bound by {SAFEGUARDS[lost]}.")
    gained = [SAFEGUARDS[one] for one in party.safeguards if one not in before.safeguards]
    if gained:
        changes.better(kind, clause, f"{name} is now also bound by {listed(gained)}.")
    for key in (key for key in party.onward if key not in before.onward):
        to = recipient_label(policy, key)
        changes.wider(kind, clause, f"{name} may now pass data on to {to}.")
    for key in (key for key in before.onward if key not in party.onward):
        changes.better(kind, clause, f"{name} may no longer pass data on to `{key}`.")
    if before.expires != party.expires:
        until = f"until {party.expires}" if party.expires else "without an end"
        changes.better(kind, clause, f"The safeguards of {name} now hold {until}.", "changed")


def retention(old: Rules, new: Rules, changes: Changes) -> None:
    """How long data that both versions collect is kept."""
    said: set[tuple[object, object]] = set()
    for key, place in new.touchpoints.items():
        if key not in old.touchpoints:
            continue
        for category in (*(field.category for field in place.fields), *place.data):
            for purpose in place.purposes:
                before = old.keep(category, key, purpose)
                after = new.keep(category, key, purpose)
                pair = (_kept(before), _kept(after))
                if pair[0] != pair[1] and (id(before), id(after)) not in said:
                    said.add((id(before), id(after)))
                    _retention(taxonomy.label(category), before, after, changes)


def _kept(keep: Keep | None) -> object:
    return (keep.period, keep.then) if keep else None


def _retention(label: str, before: Keep | None, after: Keep | None, changes: Changes) -> None:
    if after is None:
        clause = before.clause if before else ""
        sentence = f"{label}: the policy no longer says how long it is kept."
        changes.weaker("keep", clause, sentence, "removed")
        return
    sentence = f"{label} is now {AFTERWARDS[after.then]} {after.period}"
    if before is None:
        changes.better("keep", after.clause, f"{sentence}.", "added")
        return
    sentence += f"; before: {AFTERWARDS[before.then]} {before.period}."
    longer = after.period.length > before.period.length or after.period.after != before.period.after
    if longer or _FINALITY[after.then] < _FINALITY[before.then]:
        changes.weaker("keep", after.clause, sentence, "wider")
    else:
        changes.better("keep", after.clause, sentence)


def rights(old: Policy, new: Policy, changes: Changes) -> None:
    """What people may ask for, how, and how soon they are answered."""
    after = {(block.kind, block.who, frozenset(block.data)): block for block in new.rights}
    before = {(block.kind, block.who, frozenset(block.data)): block for block in old.rights}
    for question, block in after.items():
        if question not in before:
            changes.better("right", block.clause, f"New right: {effect(new, block)}", "added")
            continue
        was = before[question]
        name = block.kind.capitalize()
        _within("right", block.clause, name, (was.within, block.within), changes)
        for lost in (way for way in was.by if way not in block.by):
            changes.weaker("right", block.clause, f"{name}: can no longer be asked {WAYS[lost]}.")
        for gained in (way for way in block.by if way not in was.by):
            changes.better("right", block.clause, f"{name}: can now be asked {WAYS[gained]}.")
    for question, block in before.items():
        if question not in after:
            sentence = f"Right withdrawn: {effect(old, block)}"
            changes.weaker("right", block.clause, sentence, "removed")


def _within(
    kind: str, clause: str, name: str, times: tuple[Period | None, Period | None], changes: Changes
) -> None:
    before, after = times
    if before == after:
        return
    sentence = (
        f"{name}: within {after or 'no stated time'} instead of {before or 'no stated time'}."
    )
    if before and (after is None or after.length > before.length):
        changes.weaker(kind, clause, sentence)
    else:
        changes.better(kind, clause, sentence)


def cookies(old: Policy, new: Policy, changes: Changes) -> None:
    """Cookies added, removed, and changed in what they are for."""
    before = {block.name: block for block in old.cookies}
    for block in new.cookies:
        was = before.pop(block.name, None)
        if was is None:
            necessary = block.category == "necessary"
            tell = changes.better if necessary else changes.weaker
            tell("cookie", block.clause, f"New: {effect(new, block)}", "added")
        else:
            _cookie(was, block, changes)
    for block in before.values():
        changes.better("cookie", block.clause, f"Cookie {block.name} is gone.", "removed")


def _cookie(was: Cookie, block: Cookie, changes: Changes) -> None:
    kind, clause, name = "cookie", block.clause, f"Cookie {block.name}"
    if was.category != block.category:
        sentence = f"{name} is now for {block.category}, before for {was.category}."
        changes.weaker(kind, clause, sentence)
    if was.links_to_person != block.links_to_person:
        linked = "is now linked to you once you are known"
        sentence = f"{name} {linked if block.links_to_person else 'is no longer linked to you'}."
        (changes.wider if block.links_to_person else changes.better)(kind, clause, sentence)
    if was.owner != block.owner:
        changes.weaker(kind, clause, f"{name} is now set by {block.owner or 'us'}.")
    times = [one.lifetime.length.total_seconds() if one.lifetime else 0 for one in (was, block)]
    if times[0] != times[1]:
        sentence = f"{name} lasts {block.lasts} instead of {was.lasts}."
        (changes.weaker if times[1] > times[0] else changes.better)(kind, clause, sentence)


def deadlines(old: Policy, new: Policy, changes: Changes) -> None:
    """What is done within a time."""
    before = {block.of: block for block in old.deadlines}
    for block in new.deadlines:
        was = before.pop(block.of, None)
        if was is None:
            changes.better("deadline", block.clause, f"New: {effect(new, block)}", "added")
        else:
            name = block.of.replace("-", " ").capitalize()
            _within("deadline", block.clause, name, (was.within, block.within), changes)
    for block in before.values():
        sentence = f"No longer promised: {effect(old, block)}"
        changes.weaker("deadline", block.clause, sentence, "removed")


def ages(old: Rules, new: Rules, changes: Changes) -> None:
    """From which age people are served."""
    before, after = old.minimum_age, new.minimum_age
    if before == after:
        return
    clause = next((block.clause for block in new.policy.ages), "")
    sentence = f"The minimum age is {after or 'not stated'}; before: {before or 'not stated'}."
    lower = before is not None and (after is None or after < before)
    (changes.wider if lower else changes.better)("age", clause, sentence)


def company(old: Policy, new: Policy, changes: Changes) -> None:
    """Who the controller is and how it is reached."""
    before, after = old.company, new.company
    if before.name != after.name:
        changes.weaker("company", "", f"{before.name} is now {after.name}.")
    for name, was, now in (
        ("privacy contact", before.privacy_contact, after.privacy_contact),
        ("opt-out contact", before.opt_out_contact, after.opt_out_contact),
        ("telephone", before.phone, after.phone),
        ("business calendar", before.calendar, after.calendar),
    ):
        if was != now:
            sentence = f"The {name} is now {now or 'not stated'}."
            changes.better("company", "", sentence, "changed")
    if set(before.address) != set(after.address):
        changes.better("company", "", "The postal addresses have changed.", "changed")


def standing(old: Policy, new: Policy, changes: Changes) -> None:
    """Promises that hold or do not (to lose one is material), and what staff may do (to gain)."""
    for kind in ("forbids", "safeguards", "sensitives", "secures", "changes", "scopes"):
        gained, lost = _difference(_promises(old, kind), _promises(new, kind))
        for block in gained:
            sentence = f"New promise: {effect(new, block)}"
            changes.better(block.table, block.clause, sentence, "added")
        for block in lost:
            sentence = f"No longer promised: {effect(old, block)}"
            changes.weaker(block.table, block.clause, sentence, "removed")
    for kind in ("accesses", "moderates"):
        gained, lost = _difference(_promises(old, kind), _promises(new, kind))
        for block in gained:
            changes.weaker(block.table, block.clause, f"New: {effect(new, block)}", "added")
        for block in lost:
            sentence = f"No longer: {effect(old, block)}"
            changes.better(block.table, block.clause, sentence, "removed")


def _difference(
    before: dict[object, Block], after: dict[object, Block]
) -> tuple[list[Block], list[Block]]:
    gained = [block for promise, block in after.items() if promise not in before]
    return gained, [block for promise, block in before.items() if promise not in after]


def _promises(policy: Policy, kind: str) -> dict[object, Block]:
    """The blocks of a kind by what they say, apart from number, text and spelling."""
    found: dict[object, Block] = {}
    for block in getattr(policy, kind):
        found.setdefault(_meaning(policy, block), block)
    return found


def _meaning(policy: Policy, block: Block) -> object:
    aside = {"clause", "text", "register", "line", "exceptions"}
    values = {
        name: getattr(block, name) for name in block.__dataclass_fields__ if name not in aside
    }
    if "data" in values:
        values["data"] = tuple(policy.category(name) for name in values["data"])
    return (
        block.table,
        *(frozenset(value) if isinstance(value, tuple) else value for value in values.values()),
    )


Part = Callable[[Policy, Policy, Changes], None]
POLICIES: Iterable[Part] = (recipients, rights, cookies, deadlines, standing, company)
RULES: Iterable[Callable[[Rules, Rules, Changes], None]] = (retention, ages)
