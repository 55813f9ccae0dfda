"""Comprehensive: what is held, and what a crawl saw, stands in the policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count

from troth.core.assess.accurate import clauses_for, collected
from troth.core.assess.checks import CRAWL, Situation, check
from troth.core.assess.findings import Finding, failed, held, unseen
from troth.core.assess.meaning import category_of, is_choice
from troth.core.assess.seen import SeenCookie
from troth.core.people.models import Element
from troth.core.rights.models import Telling
from troth.policy import Policy
from troth.policy.blocks import Cookie
from troth.policy.taxonomy import covers

_SLACK: Final = timedelta(days=1)
"""What a month or a leap year may make of a span."""


@check(
    "comprehensive.held",
    area="comprehensive",
    says="Each kind of data that the database holds about people stands in the policy in force.",
)
def kept(situation: Situation) -> Iterator[Finding]:
    policy = situation.published.policy
    by = collected(situation.published.rules)
    rows = Element.objects.order_by().values_list("category", "touchpoint")
    found = sorted(rows.annotate(number=Count("pk")))
    for category, touchpoint, number in found:
        where = touchpoint or "elsewhere"
        # A part of what is held being collected does not declare the whole.
        clauses = clauses_for(category, {one: c for one, c in by.items() if covers(one, category)})
        # What is not collected any more is declared by the clause that says how long it stays.
        clauses += tuple(b.clause for b in policy.keeps if category in map(policy.category, b.data))
        if clauses:
            yield held(f"{number} values of {category}.", where, clauses=clauses)
        else:
            yield failed(
                f"{number} values of {category} are held, and no clause in force speaks of them.",
                where,
                do="Declare the category in the policy, or erase these values.",
            )
    if not found:
        yield held("Nothing is held yet.")


@check(
    "comprehensive.elements",
    area="comprehensive",
    says="Each data element that a form on the site asks for is collected by a clause.",
    by=CRAWL,
)
def elements(situation: Situation) -> Iterator[Finding]:
    policy = situation.published.policy
    by = collected(situation.published.rules)
    asked: dict[str, list[str]] = {}
    for field in situation.crawled.fields:
        if is_choice(field, policy):
            continue
        category = category_of(field, policy)
        clauses = clauses_for(category, by) if category else ()
        if clauses:
            asked.setdefault(category, []).append(field.page)
        else:
            what = f"{category} (“{field.name}”)" if category else f"“{field.name}”"
            yield failed(
                f"A form asks for {what}, and no clause collects it.",
                field.page,
                do="Add a [[collect]] to the policy, or take the field away.",
            )
    for category, pages in sorted(asked.items()):
        where = ", ".join(dict.fromkeys(pages))
        yield held(f"Forms ask for {category}.", where, clauses=clauses_for(category, by))
    if not asked:
        yield held("No form asked for anything about a person.")


@check(
    "comprehensive.cookies",
    area="comprehensive",
    says="Each cookie that the site sets is declared, and none but the needed before a yes.",
    by=CRAWL,
)
def cookies(situation: Situation) -> Iterator[Finding]:
    declared = {cookie.name: cookie for cookie in situation.published.policy.cookies}
    for seen in situation.crawled.cookies:
        found = declared.get(seen.name)
        if found is None:
            yield failed(
                f"The cookie {seen.name} is set, and no clause declares it.",
                seen.page,
                do="Add a [[cookie]] to the policy, or do not set it.",
            )
        elif found.category != "necessary" and not seen.chosen:
            yield failed(
                f"The cookie {seen.name} is set before anybody chose it.",
                seen.page,
                do="Set it only after a yes to its category.",
                clauses=(found.clause,),
            )
        elif _outlasts(seen, found, situation.at):
            yield failed(
                f"The cookie {seen.name} lasts longer than its clause says ({found.lasts}).",
                seen.page,
                do="Declare how long it lasts, or have it end sooner.",
                clauses=(found.clause,),
            )
        else:
            yield held(f"The cookie {seen.name} is declared.", seen.page, clauses=(found.clause,))
    if not situation.crawled.cookies:
        yield held("No page set a cookie.")


def _outlasts(seen: SeenCookie, declared: Cookie, at: datetime) -> bool:
    if seen.lasts is None:
        return False
    ends = declared.lifetime.due(at) if declared.lifetime else at
    return at + timedelta(seconds=seen.lasts) > ends + _SLACK


@check(
    "comprehensive.requests",
    area="comprehensive",
    says="Whatever a page asks of another origin goes to a recipient that the policy names.",
    by=CRAWL,
)
def requests(situation: Situation) -> Iterator[Finding]:
    policy = situation.published.policy
    for request in situation.crawled.requests:
        key = recipient_at(policy, request.host)
        if key:
            clause = policy.recipients[key].clause
            yield held(f"{request.host} is {key}.", request.page, clauses=(clause,))
        else:
            yield failed(
                f"A page asks something of {request.host} ({request.kind}), which is no recipient.",
                request.page,
                do="Name it as a recipient with what it gets, or serve it from your own site.",
            )
    if not situation.crawled.requests:
        number = len(situation.crawled.pages)
        yield held(f"{number} pages asked nothing of any other origin.")


@check(
    "comprehensive.typed",
    area="comprehensive",
    says="What somebody types into a form leaves the browser only when they send it.",
    by=CRAWL,
)
def typed(situation: Situation) -> Iterator[Finding]:
    seen = situation.crawled
    for request in seen.typed:
        yield failed(
            f"What was typed went to {request.host} ({request.kind}) before it was sent.",
            request.page,
            do="Take out what listens while people type, or collect it under a clause of its own.",
        )
    if seen.filled:
        yield held(f"{seen.filled} controls were filled in, up to the point of sending.")
    else:
        yield unseen("There was nothing to fill in.")


@check(
    "comprehensive.recipients",
    area="comprehensive",
    says="Whoever was told of a correction or deletion is a recipient of the policy in force.",
)
def recipients(situation: Situation) -> Iterator[Finding]:
    told = set(Telling.objects.order_by().values_list("recipient", flat=True).distinct())
    known = situation.published.policy.recipients
    for key in sorted(told - known.keys()):
        yield failed(
            "It has had data of people, and the policy in force does not name it.",
            key,
            do="Keep it in the policy for as long as it holds what it was given.",
        )
    yield held(f"The policy names {len(known)} recipients.")


def recipient_at(policy: Policy, host: str) -> str:
    """The recipient whose name or contact holds the domain of a host, or ""."""
    parts = host.lower().split(".")
    domains = [".".join(parts[start:]) for start in range(len(parts) - 1)]
    for key, party in policy.recipients.items():
        said = f"{party.name} {party.contact}".lower()
        if any(domain in said for domain in domains):
            return key
    return ""
