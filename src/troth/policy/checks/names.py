"""Names and numbers: whether everything a clause speaks of exists, and exists once."""

from __future__ import annotations

from troth.policy import words
from troth.policy.calendars import fault
from troth.policy.checks.ground import Ground
from troth.policy.model import Policy
from troth.policy.nearest import did_you_mean
from troth.policy.shape import slots
from troth.policy.taxonomy import categories, uses


def _known(policy: Policy) -> dict[str, tuple[str, str, list[str]]]:
    """For each sort of name: the code of an unknown one, what it is, and the known ones."""
    touchpoints = [block.at for block in policy.collects]
    return {
        "data": ("T201", "data category or element", [*policy.elements, *categories()]),
        "category": ("T201", "data category", [*categories()]),
        "use": ("T202", "data use", [*uses()]),
        "purpose": ("T203", "purpose", [*policy.purposes]),
        "recipient": ("T204", "recipient", [*policy.recipients]),
        "party": ("T204", "recipient or kind of one", [*policy.recipients, *words.PARTIES]),
        "touchpoint": ("T205", "touchpoint", touchpoints),
        "clause": ("T206", "clause", [clause.clause for clause in policy.clauses]),
    }


def references(ground: Ground) -> None:
    """Every name in a list or key leads somewhere."""
    known = _known(ground.policy)
    sets = {of: frozenset(names) for of, (_, _, names) in known.items()}
    for path, item in ground.tables:
        for slot in slots(type(item)).values():
            if slot.key.of in known:
                value = getattr(item, slot.attribute)
                names = enumerate(value) if slot.many else [(None, value)]
                for index, name in names:
                    if name and name.removesuffix(".*") not in sets[slot.key.of]:
                        code, what, others = known[slot.key.of]
                        hint = "" if ground.problems.full else did_you_mean(name, others, "")
                        message = f"Unknown {what} `{name}`"
                        ground.uncertain.add(str(path[0]))
                        ground.say(code, item, message, hint, key=slot.name, index=index)


def deprecated(ground: Ground) -> None:
    """No purpose stands on a use that fideslang is giving up."""
    for purpose in ground.policy.purposes.values():
        if purpose.use in uses().replaced:
            instead = uses().replaced[purpose.use]
            hint = f"Use `{instead}`." if instead else ""
            ground.say("T410", purpose, f"`{purpose.use}` is deprecated", hint, key="use")


def calendar(ground: Ground) -> None:
    """The business calendar exists."""
    company = ground.policy.company
    wrong = fault(company.calendar) if company.calendar else ""
    if wrong:
        ground.say(
            "T207", company, f"Unknown calendar `{company.calendar}`: {wrong}", key="calendar"
        )


def numbers(ground: Ground) -> None:
    """A clause number leads to one text, a section number to one section."""
    first: dict[str, int] = {}
    for block in ground.policy.blocks:
        if block.text and block.clause in first:
            ground.say(
                "T208",
                block,
                f"Clause {block.clause} has its text already on line {first[block.clause]}",
                key="clause",
            )
        elif block.text:
            first[block.clause] = block.line
    for clause in ground.policy.clauses:
        if not clause.text:
            ground.say(
                "T209", clause.blocks[0], f"Clause {clause.clause} has no text", key="clause"
            )
    headings: dict[str, int] = {}
    for section in ground.policy.sections:
        if section.number in headings:
            ground.say(
                "T208",
                section,
                f"Section {section.number} stands already on line {headings[section.number]}",
                "Give one of them another number.",
                key="number",
            )
        headings.setdefault(section.number, section.line)


def twice(ground: Ground) -> None:
    """A collect clause names each element once."""
    for block in ground.policy.collects:
        seen: set[str] = set()
        for key, listed in (
            ("required", block.required),
            ("optional", block.optional),
            ("data", block.data),
        ):
            for index, name in enumerate(listed):
                if name in seen:
                    message = f"`{name}` is listed in more than one way"
                    ground.say("T210", block, message, key=key, index=index)
            seen |= set(listed)


def ambiguous(ground: Ground) -> None:
    """A key cannot be mistaken for a category or for a kind of recipient."""
    for key, element in ground.policy.elements.items():
        if key in categories():
            ground.say("T211", element, f"`{key}` is also a data category")
    for key, recipient in ground.policy.recipients.items():
        if key in words.PARTIES and key != recipient.kind:
            ground.say("T211", recipient, f"`{key}` is also a kind of recipient")


CHECKS = (references, deprecated, calendar, numbers, twice, ambiguous)
