"""Displayed and accessible: the policy is a step away from each page, and can be read by all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from troth.core.assess.checks import CRAWL, Situation, check
from troth.core.assess.findings import Finding, failed, held, unseen
from troth.core.assess.reading import grade

SHOWN: Final = 30


@check(
    "displayed.link",
    area="displayed",
    says="Each public page links to the policy.",
    by=CRAWL,
)
def link(situation: Situation) -> Iterator[Finding]:
    without = [page for page in situation.crawled.pages if not page.leads_to_policy]
    for page in without:
        yield failed(
            "No link on this page leads to the policy.",
            page.path,
            do="Put one where it can be seen, such as the foot of the page.",
        )
    with_it = len(situation.crawled.pages) - len(without)
    if with_it:
        yield held(f"{with_it} pages link to the policy.")
    if not situation.crawled.pages:
        yield failed("The site has no page that can be read.", situation.crawled.url)
    if not situation.crawled.whole:
        yield unseen("There are more pages than the crawl was let look at.", situation.crawled.url)


@check(
    "displayed.reading",
    area="displayed",
    says="The page of the policy can be read, and how hard it is to read is known.",
    by=CRAWL,
)
def reading(situation: Situation) -> Iterator[Finding]:
    seen = situation.crawled
    level = grade(seen.words)
    if level is None:
        yield failed(
            "The page of the policy was not found, or has no words.", seen.policy or seen.url
        )
    elif not seen.language.startswith("en"):
        number = len(seen.words.split())
        yield held(f"It has {number} words.", seen.policy)
        yield unseen(f"The measure is made for English, not for “{seen.language}”.", seen.policy)
    else:
        number = len(seen.words.split())
        yield held(f"Grade level {level} (Flesch and Kincaid), {number} words.", seen.policy)


@check(
    "displayed.accessible",
    area="displayed",
    says="The accessibility engine finds nothing against the pages (WCAG 2.2, A and AA).",
    by=CRAWL,
)
def accessible(situation: Situation) -> Iterator[Finding]:
    seen = situation.crawled
    found = [(page.path, line) for page in seen.pages for line in page.violations]
    for path, line in found[:SHOWN]:
        yield failed(line, path)
    if len(found) > SHOWN:
        yield failed(f"There are {len(found) - SHOWN} more.")
    clean = sum(not page.violations for page in seen.pages)
    if clean:
        yield held(f"{seen.engine} finds nothing against {clean} pages.")
