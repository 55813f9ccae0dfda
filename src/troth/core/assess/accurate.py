"""Accurate: each personal field in the schema has a clause, and each clause its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from django.apps import apps

from troth.core.assess.checks import Situation, check
from troth.core.assess.findings import Finding, failed, held, unseen
from troth.core.sealing.declarations import undeclared
from troth.core.sealing.fields import SealedField
from troth.policy import Rules
from troth.policy.taxonomy import covers

_places: Final[dict[str, str]] = {}
PERSONAL: Final = "user"


def takes(touchpoint: str, by: str) -> None:
    """Say that data is taken in at a touchpoint (or, with `.*`, at all of a kind), and by what."""
    _places[touchpoint] = by


def taken_by(touchpoint: str) -> str:
    """What takes data in there, or ""."""
    return _places.get(touchpoint) or _places.get(f"{touchpoint.partition('.')[0]}.*", "")


def collected(rules: Rules) -> dict[str, tuple[str, ...]]:
    """Each category that clauses of the policy collect, with their numbers."""
    found: dict[str, dict[str, None]] = {}
    for (act, _, category, _), rule in rules.granted():
        if act == "collect":
            found.setdefault(category, {})[rule.clause] = None
    return {category: tuple(clauses) for category, clauses in found.items()}


def clauses_for(category: str, by: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The clauses that speak of a category or of a part of it."""
    return tuple(
        dict.fromkeys(
            clause
            for one, clauses in by.items()
            if covers(one, category) or covers(category, one)
            for clause in clauses
        )
    )


@check(
    "accurate.fields",
    area="accurate",
    says="Each personal field of the software has a clause that permits its category.",
)
def fields(situation: Situation) -> Iterator[Finding]:
    for model, name in undeclared():
        yield failed(
            "A field that nobody has declared personal or not.",
            f"{model._meta.label}.{name}",
            do="Seal it with a category, or name it in Privacy.not_personal.",
        )
    by = collected(situation.published.rules)
    for field, category in personal_fields():
        clauses, where = clauses_for(category, by), _where(field)
        if clauses:
            yield held(f"{category} has a clause.", where, clauses=clauses)
        elif field.null and not _filled(field):
            # What only another policy would have collected stays out.
            yield held(f"No clause collects {category}, and the field is empty.", where)
        else:
            yield failed(
                f"The software has a field for {category}, and no clause collects it.",
                where,
                do=f"Add a [[collect]] with {category} to the policy, or remove the field.",
            )


def personal_fields() -> Iterable[tuple[SealedField, str]]:
    """The sealed fields whose category stands in the schema, each with its category.

    Where a row names its own category (the people's elements), `comprehensive.held` looks at the
    rows. What is sealed and not about a person (`system`) needs no clause.
    """
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, SealedField) and covers(PERSONAL, field.category):
                yield field, field.category


def _where(field: SealedField) -> str:
    return f"{field.model._meta.label}.{field.name}"


def _filled(field: SealedField) -> bool:
    """Whether the organisation in scope has a row with something in it."""
    return field.model._default_manager.filter(**{f"{field.name}__isnull": False}).exists()


@check(
    "accurate.clauses",
    area="accurate",
    says="Each clause that collects has a place in the software that takes what it names.",
)
def clauses(situation: Situation) -> Iterator[Finding]:
    for block in situation.published.policy.collects:
        by = taken_by(block.at)
        names = ", ".join(block.everything)
        if by:
            yield held(f"{by} takes: {names}.", block.at, clauses=(block.clause,))
        else:
            yield unseen(
                f"Nothing here takes {names}: this touchpoint is not built.",
                block.at,
                do="If another program of yours takes it, assess that one too.",
                clauses=(block.clause,),
            )
