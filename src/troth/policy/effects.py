"""What a block does, in a sentence that the software writes itself.

The text of a clause is the company's; this stands beside it, so that people see the effect too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from troth.policy import blocks, taxonomy
from troth.policy.model import Policy
from troth.policy.touchpoints import title

BASES = {
    "essential": "Needed for the service, so no choice is asked",
    "opt-out": "Done unless you refuse",
    "opt-in": "Done only if you agree",
    "explicit-opt-in": "Done only if you agree explicitly",
    "prohibited": "Never done",
}
CHOICES = {
    "none": "",
    "opt-out": "You can refuse",
    "opt-in": "Only if you agree",
    "explicit-opt-in": "Only if you agree explicitly",
}
AFTERWARDS = {
    "erase": "erased",
    "depersonalise": "made anonymous",
    "lock": "locked away",
}
WAYS = {
    "account": "in your account",
    "link": "through the link in a mail",
    "form": "through a form on the site",
    "mail": "by e-mail",
    "phone": "by telephone",
    "post": "by post",
}
SAFEGUARDS = {
    "dpa": "a data processing agreement",
    "scc": "standard contractual clauses",
    "adequacy": "an adequacy decision",
    "framework": "membership of a privacy framework",
    "eu-directive": "European data protection law",
    "written-agreement": "a written agreement",
    "security-attestation": "an attestation of its security",
    "bound-by-policy": "this policy",
}
ASSURANCES = {
    "own-purpose": "uses the data for this company alone",
    "framework": "is a member of the data privacy framework",
    "tells-inability": "says so the moment it can no longer protect the data",
}
LEVELS = {
    "basic": "encrypted on the way, behind passwords",
    "sound": "also encrypted where it is stored, and open to roles that need it",
    "strict": "also with each access recorded, and checked by somebody from outside",
}
_WHO = {
    "staff": "Our staff",
    "host": "Staff of the company that hosts this service",
    "reseller": "Resellers",
}
_ACTS = {"collect": "Collecting", "use": "Using", "share": "Passing on", "any": "Anything with"}
_PLACES = {"site": "on the site", "home": "on the home page", "mail": "by e-mail"}


def effect(policy: Policy, block: blocks.Block) -> str:
    """One or more sentences, or "" for a block without effect."""
    write = _WRITERS.get(type(block))
    return write(policy, block) if write else ""


def data_label(policy: Policy, name: str) -> str:
    """What people call an element or a category."""
    element = policy.elements.get(name)
    return element.label if element and element.label else taxonomy.label(policy.category(name))


def purpose_label(policy: Policy, key: str) -> str:
    """What people call a purpose."""
    purpose = policy.purposes.get(key)
    return purpose.label if purpose else key


def recipient_label(policy: Policy, key: str) -> str:
    """What people call a recipient."""
    recipient = policy.recipients.get(key)
    return recipient.name if recipient else key


def listed(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = list(dict.fromkeys(words)) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def _data(policy: Policy, names: Iterable[str]) -> str:
    return listed(data_label(policy, name) for name in names)


def _served(policy: Policy, keys: Iterable[str]) -> str:
    return listed(purpose_label(policy, key) for key in keys)


def _slug(words: Iterable[str]) -> str:
    return listed(word.replace("-", " ") for word in words)


def _joined(*sentences: str) -> str:
    return " ".join(f"{sentence}." for sentence in sentences if sentence)


def _purpose(policy: Policy, block: blocks.Purpose) -> str:
    ways = {"email": "e-mail", "post": "post", "phone": "telephone"}
    by = f"By {listed(ways[channel] for channel in block.channels)}" if block.channels else ""
    asked = f"A yes holds {block.lasts}, then we ask again" if block.lasts else ""
    basis = f"{block.label}: {BASES[block.basis][0].lower()}{BASES[block.basis][1:]}"
    return _joined(basis, by, asked)


def _collect(policy: Policy, block: blocks.Collect) -> str:
    place = title(policy, block.at)
    asks = f"asks for {_data(policy, block.required)}" if block.required else ""
    may = f"you may add {_data(policy, block.optional)}" if block.optional else ""
    unasked = f"gathers {_data(policy, block.data)} by itself" if block.data else ""
    what = "; ".join(part for part in (asks, may, unasked) if part)
    passed = (
        f"It goes straight to {recipient_label(policy, block.pass_to)} and is not kept here"
        if block.pass_to
        else ""
    )
    served = f"Used for: {_served(policy, block.purposes)}" if block.purposes else ""
    return _joined(f"{place}: {what}", passed, served)


def _recipient(policy: Policy, block: blocks.Recipient) -> str:
    where = f" in {block.country}" if block.country else ""
    by = listed(SAFEGUARDS[one] for one in block.safeguards)
    bound = f"Bound by {by}" if by else ""
    until = f"until {block.expires}" if block.expires else ""
    onward = listed(recipient_label(policy, key) for key in block.onward)
    kind = block.kind.replace("-", " ")
    return _joined(
        f"{block.name} ({kind}{where})",
        f"{bound} {until}".strip(),
        f"May pass it on to {onward}" if onward else "",
    )


def _share(policy: Policy, block: blocks.Share) -> str:
    to = listed(recipient_label(policy, key) for key in block.recipients)
    group = f"Only figures about {block.aggregate} people or more leave" if block.aggregate else ""
    window = f"You are told {block.window} before and can refuse" if block.window else ""
    grounds = f"Only on these grounds: {_slug(block.grounds)}" if block.grounds else ""
    needs = f"Before that there has to be: {_slug(block.needs)}" if block.needs else ""
    return _joined(
        f"{_data(policy, block.data)} may go to {to}, for: {_served(policy, block.purposes)}",
        group,
        CHOICES[block.choice],
        window,
        grounds,
        needs,
    )


def _keep(policy: Policy, block: blocks.Keep) -> str:
    where = f" from {listed(title(policy, key) for key in block.at)}" if block.at else ""
    served = f" for {_served(policy, block.purposes)}" if block.purposes else ""
    what = f"{_data(policy, block.data)}{where}{served}"
    return _joined(f"{what}: {AFTERWARDS[block.then]} {block.period}")


def _right(policy: Policy, block: blocks.Right) -> str:
    whose = "" if block.who == "everyone" else f" ({block.who})"
    within = f"Answered within {block.within}" if block.within else ""
    by = listed(WAYS[way] for way in block.by)
    return _joined(f"{block.kind.capitalize()}{whose}", within, f"Ask {by}")


def _cookie(policy: Policy, block: blocks.Cookie) -> str:
    lasts = "until you close the browser" if block.lasts == "session" else f"for {block.lasts}"
    linked = "linked to you once you are known" if block.links_to_person else "never linked to you"
    owner = f", set by {recipient_label(policy, block.owner)}" if block.owner else ""
    return _joined(f"Cookie {block.name} ({block.category}{owner}): kept {lasts}, {linked}")


def _forbid(policy: Policy, block: blocks.Forbid) -> str:
    what = _data(policy, block.data) if block.data else "any personal data"
    names = taxonomy.uses().names
    uses = [names.get(use.removesuffix(".*"), use).lower() for use in block.uses]
    reasons = [*uses, *(purpose_label(policy, key) for key in block.purposes)]
    to = [_party(policy, word) for word in block.parties]
    never = "Only if you agreed" if block.unless else "Never"
    return _joined(
        f"{never}: {_ACTS[block.act].lower()} {what}"
        + (f" for {listed(reasons)}" if reasons else "")
        + (f", to {listed(to)}" if to else "")
        + (
            f", except under {listed(f'§ {one}' for one in block.exceptions)}"
            if block.exceptions
            else ""
        )
    )


def _safeguard(policy: Policy, block: blocks.Safeguard) -> str:
    who = listed(_party(policy, one) for one in block.parties)
    *most, last = [SAFEGUARDS[one] for one in block.one_of]
    one = f"{', '.join(most)} or {last}" if most else last
    strong = "and with proof that it is guarded as strongly as here" if block.as_strong else ""
    assured = listed(ASSURANCES[word] for word in block.assures)
    return _joined(
        f"Data goes to {who} only under {one}{f', {strong}' if strong else ''}",
        f"Before that each assures us that it {assured}" if assured else "",
    )


def _party(policy: Policy, word: str) -> str:
    """A recipient by its name, or a kind of them in the plural."""
    if word in policy.recipients:
        return policy.recipients[word].name
    plurals = {"authority": "authorities", "public": "the public", "third-party": "third parties"}
    return plurals.get(word, f"{word}s")


def _sensitive(policy: Policy, block: blocks.Sensitive) -> str:
    acts = listed(_ACTS[act].lower() for act in block.acts)
    basis = BASES[block.basis].lower()
    return _joined(f"{acts.capitalize()} {_data(policy, block.data)}: {basis}")


def _age(policy: Policy, block: blocks.Age) -> str:
    return _joined(f"Nobody under {block.minimum} is served")


def _deadline(policy: Policy, block: blocks.Deadline) -> str:
    return _joined(f"{block.of.replace('-', ' ').capitalize()}: done within {block.within}")


def _secure(policy: Policy, block: blocks.Secure) -> str:
    level = f"Guarded here: {block.level} ({LEVELS[block.level]})" if block.level else ""
    return _joined(f"Measures: {_slug(block.measures)}", level)


def _access(policy: Policy, block: blocks.Access) -> str:
    grounds = f" only on these grounds: {_slug(block.grounds)}" if block.grounds else ""
    needs = f"Before that there has to be: {_slug(block.needs)}" if block.needs else ""
    return _joined(f"{_WHO[block.who]} see personal data{grounds}", needs)


def _change(policy: Policy, block: blocks.ChangeNotice) -> str:
    where = listed(_PLACES[place] for place in block.notify)
    window = f"You have {block.window} to refuse a new use" if block.window else ""
    return _joined(f"Changes are announced {where}", window)


def _scope(policy: Policy, block: blocks.Scope) -> str:
    covers = f"Covers {listed(block.covers)}" if block.covers else ""
    excludes = f"Does not cover {listed(block.excludes)}" if block.excludes else ""
    marked = "What came in offline is marked as outside of it" if block.online_only else ""
    return _joined(covers, excludes, marked)


def _moderate(policy: Policy, block: blocks.Moderate) -> str:
    grounds = f" on these grounds: {_slug(block.grounds)}" if block.grounds else ""
    what = {"campaigns": "mail before it is sent", "community": "what is posted"}[block.what]
    return _joined(f"Staff may review {what}{grounds}")


_WRITERS: dict[type, Callable[[Policy, Any], str]] = {
    blocks.Purpose: _purpose,
    blocks.Collect: _collect,
    blocks.Recipient: _recipient,
    blocks.Share: _share,
    blocks.Keep: _keep,
    blocks.Right: _right,
    blocks.Cookie: _cookie,
    blocks.Forbid: _forbid,
    blocks.Safeguard: _safeguard,
    blocks.Sensitive: _sensitive,
    blocks.Age: _age,
    blocks.Deadline: _deadline,
    blocks.Secure: _secure,
    blocks.Access: _access,
    blocks.ChangeNotice: _change,
    blocks.Scope: _scope,
    blocks.Moderate: _moderate,
}
