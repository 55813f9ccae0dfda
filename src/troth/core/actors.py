"""Who acts: a visitor, a person, a member of the staff, or the software itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self
from uuid import UUID

from troth.core.errors import Denied
from troth.core.ids import opaque_ref
from troth.core.ledger import kinds

Kind = Literal["visitor", "person", "staff", "system"]


class AbilityDenied(Denied):
    """The actor's role does not include this."""


@dataclass(frozen=True, slots=True)
class Actor:
    """One acting party, as the gate and the ledger know it: by opaque reference, never by name.

    `purposes` and `abilities` come from the role of a member of the staff; None for `purposes`
    means that no role narrows it (the software acts under the policy alone).
    """

    kind: Kind
    ref: str = ""
    person_id: UUID | None = None
    purposes: frozenset[str] | None = None
    abilities: frozenset[str] = frozenset()

    @classmethod
    def visitor(cls) -> Self:
        return cls("visitor", opaque_ref())

    @classmethod
    def system(cls, part: str) -> Self:
        """The software: `part` names which (``worker``, ``cli``, …)."""
        return cls("system", part)

    def as_json(self) -> dict[str, str]:
        """How the ledger writes the actor: kind and opaque reference (docs/ledger-format.md)."""
        take = kinds.key if self.kind == "system" else kinds.reference
        return {"kind": self.kind, "ref": str(take(self.ref))}

    def needs(self, ability: str) -> None:
        """Raise `AbilityDenied` unless the actor's role has `ability`."""
        if self.kind != "system" and ability not in self.abilities:
            raise AbilityDenied(
                "Your role does not allow this.",
                why=f"It needs the ability “{ability}”.",
                do="Ask an owner of the organisation to change your role.",
            )
