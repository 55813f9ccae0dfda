"""Implemented: what the policy promises is kept, as proofs, ledger, clocks and tables show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Final

from django.core import checks as django_checks

from troth.core.assess.checks import Situation, check
from troth.core.assess.findings import Finding, failed, held, unseen
from troth.core.assess.register import Standing, record, standings
from troth.core.cases.queries import overdue, still_open
from troth.core.gate.deciding import REASONS
from troth.core.ledger.api import LedgerInvalid, sequence, verify
from troth.core.recipients.standing import barred
from troth.core.retention import api as retention
from troth.core.retention.planning import plan
from troth.core.rights import queries as requests
from troth.core.rights.models import Telling

DAILY: Final = timedelta(days=2)
"""A job that runs once a day, and has been given a day to be taken up again."""
SOON: Final = timedelta(days=30)
SHOWN: Final = 20


@check(
    "implemented.proofs",
    area="implemented",
    says="Each promise in force that is in the register has a proof, and the proof ran and passed.",
    by="proofs",
    whole=True,
)
def proofs(situation: Situation) -> Iterator[Finding]:
    shown = record(situation.proofs)
    if shown is None:
        yield unseen("No proof has run here.", do="Run `make proofs` in the checkout.")
        return
    if not shown.current:
        yield unseen(
            f"The proofs ran at {shown.made}, on another source than this one.",
            do="Run `make proofs` on this source.",
        )
        return
    by_id = {one.clause.id: one for one in standings(shown)}
    for clause in situation.published.policy.clauses:
        if not clause.register:
            yield unseen(
                "No proof is tied to this clause.",
                f"§ {clause.clause}",
                do="Name in `register` the promises that prove it.",
                clauses=(clause.clause,),
            )
        for name in clause.register:
            yield _standing(name, by_id.get(name), clause.clause)


def _standing(name: str, found: Standing | None, clause: str) -> Finding:
    clauses = (clause,)
    if found is None:
        return failed("The register has no such promise.", name, clauses=clauses)
    says = found.clause.says
    if found.state == "proven":
        return held(f"Proven: {says}.", name, clauses=clauses)
    if found.state == "pending" and found.waiting:
        why = f"{found.waiting.part}: {found.waiting.why}"
        return unseen(f"Pending: {says}. It waits for {why}", name, clauses=clauses)
    if found.state == "failing":
        return failed(f"Its proof failed: {says}.", name, clauses=clauses)
    return failed(
        f"No working check: {says}.",
        name,
        do="Write a proof of it, or say in clauses/waiting what it waits for.",
        clauses=clauses,
    )


@check(
    "implemented.ledger",
    area="implemented",
    says="Every entry, node and checkpoint of the ledger is as it was signed.",
)
def ledger(situation: Situation) -> Iterator[Finding]:
    # Where the stored tree is not the signed one nothing is appended, and verifying says why.
    with suppress(LedgerInvalid):
        sequence(situation.organisation)
    outcome = verify(situation.organisation)
    if outcome.holds:
        yield held(f"{outcome.size} entries, all as signed.", f"root {outcome.root}")
    for problem in outcome.problems[:SHOWN]:
        where = "" if problem.position is None else f"entry {problem.position}"
        yield failed(
            problem.message, where, do="Restore the ledger from a backup, and find out who did it."
        )


@check(
    "implemented.retention",
    area="implemented",
    says="Retention ran within two days, and nothing is kept longer than its clause lets it.",
)
def kept(situation: Situation) -> Iterator[Finding]:
    last = retention.Run.objects.exclude(state=retention.Run.State.DROPPED).first()
    since = last.at if last else situation.organisation.created_at
    if since < situation.at - DAILY:
        when = f"It ran last on {since:%Y-%m-%d}." if last else "It never ran."
        yield failed(f"Retention does not run. {when}", do="Have `troth serve --part worker` run.")
    else:
        yield held(f"It ran last on {since:%Y-%m-%d}." if last else "It has a day to run first.")
    if waits := retention.waiting():
        yield failed(
            f"A run of {waits.due} values waits to be confirmed.",
            do="Look at it in the console, and confirm it or change the policy.",
        )
    for line in plan(situation.at - DAILY).lines:
        yield failed(
            f"{line.due} values of {', '.join(line.categories)} are kept longer than that.",
            f"§ {line.keep.clause}",
            do="Run `troth retention run`.",
            clauses=(line.keep.clause,),
        )


@check(
    "implemented.clocks",
    area="implemented",
    says="No request is past its time, and no recipient waits to be told of one.",
)
def clocks(situation: Situation) -> Iterator[Finding]:
    late = list(requests.overdue()[:SHOWN])
    for one in late:
        due = f"{one.due_at:%Y-%m-%d}" if one.due_at else ""
        yield failed(
            f"A request ({one.kind}) was due on {due}.",
            one.ref[:8],
            do="Answer it now.",
            clauses=(one.clause,) if one.clause else (),
        )
    untold = Telling.objects.filter(
        state=Telling.State.DUE, next_at__lt=situation.at - DAILY
    ).count()
    if untold:
        yield failed(
            f"{untold} recipients are still to be told of a correction or deletion.",
            do="Have `troth serve --part worker` run, and mail be sent.",
        )
    if not late and not untold:
        number = requests.open_requests().count()
        yield held(f"{number} requests are open, and all of them are in time.")


@check(
    "implemented.safeguards",
    area="implemented",
    says="Each recipient that may get data is bound as its clauses ask, and none is suspended.",
)
def safeguards(situation: Situation) -> Iterator[Finding]:
    policy, today = situation.published.policy, situation.at.date()
    parties = {party for block in policy.shares for party in block.recipients}
    parties |= {block.pass_to for block in policy.collects if block.pass_to}
    for key in sorted(parties & policy.recipients.keys()):
        party = policy.recipients[key]
        clauses = (party.clause,) if party.clause else ()
        if (bar := barred(key, situation.published.rules)) is not None:
            yield failed(
                f"It gets nothing: {REASONS[bar.reason][0]}",
                key,
                do=REASONS[bar.reason][1],
                clauses=(bar.clause,) if bar.clause else clauses,
            )
        elif party.expires is None:
            yield held("Its safeguards have no end.", key, clauses=clauses)
        elif party.expires <= today:
            yield failed(
                f"Its safeguards expired on {party.expires}.",
                key,
                do="Renew them and publish a version with the new day. Until then it gets nothing.",
                clauses=clauses,
            )
        else:
            soon = " That is soon." if party.expires <= today + SOON else ""
            yield held(f"Its safeguards last until {party.expires}.{soon}", key, clauses=clauses)
    if not parties:
        yield held("The policy gives data to nobody.")


@check(
    "implemented.deployment",
    area="implemented",
    says="The settings and files of this installation are fit for a public server.",
)
def deployment(situation: Situation) -> Iterator[Finding]:
    found = django_checks.run_checks(include_deployment_checks=True)
    told = [one for one in found if one.level >= django_checks.WARNING and not one.is_silenced()]
    for one in told:
        yield failed(str(one.msg), str(one.id or ""), do=str(one.hint or ""))
    if not told:
        levels = Counter(one.level for one in found)
        yield held(f"`troth check` finds nothing to mend ({sum(levels.values())} remarks).")


@check(
    "implemented.cases",
    area="implemented",
    says="No case that lets data go, or that puts something right, lies past its day or forgotten.",
)
def cases_end(_situation: Situation) -> Iterator[Finding]:
    pressing = list(overdue())
    for case, why in pressing[:SHOWN]:
        said = "has passed its day" if why == "over" else "has been open for more than a month"
        yield failed(
            f"A case ({case.get_kind_display().lower()}) {said} and is not closed.",
            f"case {case.ref[:8]}",
            do="Close it in the console, or go on with it.",
            clauses=(case.clause,) if case.clause else (),
        )
    if not pressing:
        count = still_open().count()
        yield held(f"{count} open, none forgotten." if count else "None is open.")
