"""Taking a batch of rows in, or, on the dry run, seeing what would become of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from troth.channels.imports import acts, asking
from troth.channels.imports.addresses import Kept, Suppressions, known
from troth.channels.imports.columns import TOUCHPOINT
from troth.channels.imports.judging import Judged
from troth.channels.imports.models import Import, Problem
from troth.core.choices.deciding import choose
from troth.core.gate.collecting import Collecting, collect
from troth.core.gate.models import Permit
from troth.core.inserting import insert
from troth.core.ledger.api import Draft, record_many


@dataclass
class Batch:
    """What comes of some rows. Problems and counts are put on the run by `settle`."""

    run: Import
    collecting: Collecting
    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, row: Judged) -> None:
        if row.refused:
            self.run.refused += 1
        else:
            self.run.bad += 1
        self.problems += [
            Problem(
                organisation_id=self.run.organisation_id,
                run_id=self.run.pk,
                line=row.line,
                column=column,
                reason=reason,
            )
            for column, reason in row.problems
            if reason != "repeat"  # noted before, when they were looked for
        ]

    def look(self, row: Judged, *, known: bool) -> None:
        """Count the row as it would be taken."""
        self.run.new += not known
        self.run.known += known
        self.run.unproved += not row.proved

    def take(self, row: Judged, kept: Kept) -> None:
        """Hold the row's data under the clause, and ask or refuse for the person."""
        collecting, run, published = self.collecting, self.run, self.collecting.published
        person = collecting.person(row.given)
        new = person.pk in collecting.made
        had: set[str] = set()
        if not new:
            theirs = Permit.objects.filter(person__root_id=person.root_id)
            had = set(theirs.values_list("purpose", flat=True))
        held = collecting.hold(person, row.given, record=run.pk)
        if row.proved:
            wished = asking.wishes(person, kept, published, new=new)
            run.asked += asking.ask(run, person, wished, held, published)
        else:
            # What goes on unless somebody refuses needs their permission too, when a list is all
            # that speaks for it. Who was there before keeps what they have.
            for key in collecting.touchpoint.purposes:
                if published.rules.purposes[key].basis == "opt-out" and key not in had:
                    choose(person, actor=asking.WORKER, purpose=key, yes=False, way="import")
        run.new += new
        run.known += not new
        run.unproved += not row.proved
        self.drafts.append(
            Draft(
                act=acts.TAKEN,
                actor=asking.WORKER,
                subject=person.ref,
                clause=collecting.touchpoint.clause,
                version=published.version,
                data=sorted({item.category for item in row.given}),
                detail={"run": run.ref, "proof": "yes" if row.proved else "no"},
            )
        )

    def settle(self) -> None:
        insert(self.problems)
        record_many(self.run.organisation_id, self.drafts)


def go_through(run: Import, rows: Sequence[Judged], *, dry: bool) -> None:
    """Take these rows in, or count what would become of them. The run is changed, not saved."""
    data = sorted({item.category for item in chain.from_iterable(row.given for row in rows)})
    with collect(actor=asking.WORKER, touchpoint=TOUCHPOINT, data=data) as collecting:
        batch = Batch(run, collecting)
        addresses = [item for row in rows for item in row.identifiers]
        suppressions = Suppressions(addresses)
        somebodys = known(addresses) if dry else set()
        for row in rows:
            kept = suppressions.kept(row.identifiers)
            if not row.problems and kept.erased:
                row.problems.append((row.identifiers[0].name, "erased"))
            if row.problems:
                batch.problem(row)
            elif dry:
                batch.look(row, known=any(item in somebodys for item in row.identifiers))
            else:
                batch.take(row, kept)
        batch.settle()
