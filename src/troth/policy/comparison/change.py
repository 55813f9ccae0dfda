"""What changed between two versions, change by change."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Change:
    """One change in effect.

    `kind` is the table it is about, `effect` one of added, removed, wider, narrower, changed.
    A material one has to be announced; one that `widens` lets data be used in a way people were
    not told of when it was collected. `clause` is the number in the new version, or in the old
    one if it is gone, or "" for what stands outside clauses.
    """

    kind: str
    clause: str
    effect: str
    material: bool
    widens: bool
    sentence: str


@dataclass(frozen=True)
class Comparison:
    """All changes in effect; order, numbers and wording are none."""

    changes: tuple[Change, ...]
    new_purposes: tuple[str, ...] = ()
    widened: frozenset[tuple[str, str]] = frozenset()
    """Purposes and categories that data collected before may only serve after people were told
    and had the time to refuse."""
    dropped: frozenset[tuple[str, str]] = frozenset()
    """Purposes and categories that nothing may be used for any more."""
    reworded: tuple[str, ...] = field(default=())
    """Clauses of both versions with another text."""

    @property
    def material(self) -> bool:
        """Whether people have to be told."""
        return any(change.material for change in self.changes)

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {
            "material": self.material,
            "changes": [asdict(change) for change in self.changes],
            "new_purposes": list(self.new_purposes),
            "widened": [list(pair) for pair in sorted(self.widened)],
            "dropped": [list(pair) for pair in sorted(self.dropped)],
            "reworded": list(self.reworded),
        }


@dataclass
class Changes:
    """The changes while they are being found."""

    found: list[Change] = field(default_factory=list)

    def wider(self, kind: str, clause: str, sentence: str, effect: str = "wider") -> None:
        """More is done with data than people were told: material, and it widens."""
        self._add(Change(kind, clause, effect, True, True, sentence))

    def weaker(self, kind: str, clause: str, sentence: str, effect: str = "changed") -> None:
        """Less is promised, though no data goes to a new use: material."""
        self._add(Change(kind, clause, effect, True, False, sentence))

    def better(self, kind: str, clause: str, sentence: str, effect: str = "narrower") -> None:
        """Less is done or more is promised, or it is all one: not material."""
        self._add(Change(kind, clause, effect, False, False, sentence))

    def _add(self, change: Change) -> None:
        if change not in self.found:
            self.found.append(change)
