"""What every check stands on: the policy, the places in its file, and where to note problems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from troth.policy.blocks import Block, Collect, Recipient, Share
from troth.policy.codes import CODES
from troth.policy.document import Document, Path
from troth.policy.model import TABLES, Policy
from troth.policy.problems import Place, Problems
from troth.policy.taxonomy import categories, overlap


@dataclass(frozen=True)
class Ground:
    """The policy under check. Names in it may be unknown; what is asked here skips those."""

    policy: Policy
    document: Document
    problems: Problems
    today: date
    broken: frozenset[int] = frozenset()
    """The ids of tables that could not be read in full; no doubts are raised about them."""
    uncertain: set[str] = field(default_factory=set)
    """The kinds of table that have a broken one, or one with an unknown name."""

    def __post_init__(self) -> None:
        self.uncertain.update(str(path[0]) for path, item in self.tables if id(item) in self.broken)

    def sure(self, *tables: str) -> bool:
        """Whether the lack of something in these tables proves that it is not there."""
        return not self.uncertain & set(tables)

    @cached_property
    def tables(self) -> tuple[tuple[Path, object], ...]:
        """Every table of the file with its path."""
        found: list[tuple[Path, object]] = []
        for name, table in TABLES.items():
            value = getattr(self.policy, table.attribute)
            if table.named:
                found += [((name, key), item) for key, item in value.items()]
            elif table.many:
                found += [((name, index), item) for index, item in enumerate(value)]
            else:
                found.append(((name,), value))
        return tuple(found)

    @cached_property
    def _paths(self) -> dict[int, Path]:
        return {id(item): path for path, item in self.tables}

    def place(self, item: object, key: str = "", index: int | None = None) -> Place:
        """Where a table stands, or one of its keys, or an item of a list in it."""
        path = self._paths[id(item)]
        if not key:
            return self.document.key(path)
        if index is None:
            return self.document.place((*path, key))
        return self.document.place((*path, key, index))

    def say(
        self,
        code: str,
        item: object,
        message: str,
        hint: str = "",
        *,
        key: str = "",
        index: int | None = None,
    ) -> None:
        """Note a problem of a table of the file."""
        if id(item) in self.broken and CODES[code].severity != "error":
            return
        clause = item.clause if isinstance(item, Block) else ""
        self.problems.add(code, self.place(item, key, index), message, hint, clause=clause)

    def categories(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The known categories that a list means."""
        found = map(self.policy.category, names)
        return tuple(one for one in found if one in categories())

    @cached_property
    def collected(self) -> frozenset[str]:
        """Every category that some clause collects."""
        return frozenset(
            one for block in self.policy.collects for one in self.categories(block.everything)
        )

    def misses(self, category: str) -> bool:
        """Whether surely nothing of the category is collected."""
        return self.sure("collect") and not any(overlap(category, one) for one in self.collected)

    def shares_with(self, key: str) -> Iterator[Share]:
        """The clauses that share with a recipient."""
        return (block for block in self.policy.shares if key in block.recipients)

    def passed_to(self, key: str) -> Iterator[Collect]:
        """The collects whose data goes straight to a recipient."""
        return (block for block in self.policy.collects if block.pass_to == key)

    def receives(self, recipient: Recipient) -> bool:
        """Whether personal data, not only figures, can reach the recipient."""
        key = recipient.key
        direct = any(block.aggregate is None for block in self.shares_with(key))
        onward = any(key in other.onward for other in self.policy.recipients.values())
        return direct or onward or any(self.passed_to(key))
