"""Decisions a second: ours, beside cedarpy, casbin and a bare dict look-up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from time import process_time

import casbin
import cedarpy
from casbin.model import FastModel

from bench import fifty
from bench.fifty import Question
from bench.figure import Figure, Pair, beside
from troth.policy import Rules, compile, read  # noqa: A004 - the verb of the language

OURS = 200_000  # questions a round
PEERS = 2_000

Decide = Callable[[Sequence[Question]], list[bool]]


def measure(names: Sequence[str]) -> dict[str, Figure]:
    """`decide` and `decide_floor`."""
    rules = _rules()
    asked = fifty.questions(PEERS)
    ours, peers = _ours(rules), {"cedarpy": _cedar(asked), "casbin": _casbin()}
    _agree(asked, {"Troth": ours} | peers)
    many = asked * (OURS // PEERS)
    found = {}
    if "decide" in names:
        found["decide"] = _decide(many, asked, ours, peers)
    if "decide_floor" in names:
        found["decide_floor"] = _floor(many, rules)
    return found


def _decide(
    many: list[Question], asked: list[Question], ours: Decide, peers: dict[str, Decide]
) -> Figure:
    """Rates: each side answers as many as take it a good while."""
    rates: dict[str, Pair] = {}
    for name, decide in peers.items():
        timed = beside(partial(ours, many), partial(decide, asked), clock=process_time)
        rates[name] = Pair(
            [len(many) / took for took in timed.ours], [len(asked) / took for took in timed.peer]
        )
    best = max(rates, key=lambda name: rates[name].peers)
    pair = rates[best]
    said = ", ".join(f"{name} {rate.peers:,.0f}/s" for name, rate in rates.items())
    return Figure(
        round(pair.value),
        "decisions/s",
        best,
        round(pair.ours_to_peer, 1),
        f"One policy of 50 rules in three languages; {len(asked)} questions on which all three "
        f"agree, about half permitted. All of them only compute, so CPU time is what is "
        f"measured: {said}. cedarpy is called in one batch with its "
        "policies and entities parsed beforehand; casbin as FastEnforcer, indexed by purpose and "
        "act. Both peers evaluate general conditions over attributes at every call; we work the "
        "answers out once, when the policy is published, and then look them up with the clause, "
        "the basis and the obligations. Our choices of single people are not part of this figure: "
        "see audience.",
    )


def _floor(many: list[Question], rules: Rules) -> Figure:
    table = {question: rules.find(*question) for question in set(many)}

    def bare() -> None:
        for question in many:
            table[question]

    def find() -> None:
        for act, purpose, category, party in many:
            rules.find(act, purpose, category, party)

    timed = beside(find, bare, clock=process_time)
    return Figure(
        round(len(many) / timed.value),
        "decisions/s",
        "a bare dict look-up",
        round(timed.ours_to_peer, 2),
        "Ratio: our time over that of `table[question]` in the same loop, with the tuples made "
        "beforehand for the dict and the four words given to us one by one. What lies between is "
        "a method call, making the tuple, and the question whether the recipient's safeguards run "
        "out.",
    )


def _rules() -> Rules:
    reading = read(fifty.troth())
    assert reading.policy, [str(problem) for problem in reading.problems]
    rules = len(reading.policy.collects) + len(reading.policy.shares) + len(reading.policy.forbids)
    assert rules == 50
    return compile(reading.policy)


def _ours(rules: Rules) -> Decide:
    find = rules.find
    return lambda asked: [find(act, use, data, to).allowed for act, use, data, to in asked]


def _cedar(asked: Sequence[Question]) -> Decide:
    policies = cedarpy.PolicySet.from_str(fifty.cedar())
    entities = cedarpy.Entities.from_json_str(fifty.cedar_entities())
    requests = {
        (act, purpose, category, party): {
            "principal": {"type": "Purpose", "id": purpose},
            "action": {"type": "Action", "id": act},
            "resource": {"type": "Category", "id": category},
            "context": f'{{"party": "{party}"}}',
        }
        for act, purpose, category, party in asked
    }

    def decide(asked: Sequence[Question]) -> list[bool]:
        batch = [requests[question] for question in asked]
        return [one.allowed for one in cedarpy.is_authorized_batch(batch, policies, entities)]

    return decide


def _casbin() -> Decide:
    model = FastModel([0, 1])
    model.load_model_from_text(fifty.CASBIN_MODEL)
    enforcer = casbin.FastEnforcer(model, cache_key_order=[0, 1])
    enforcer.add_policies(fifty.casbin_rules())
    enforcer.add_grouping_policies(fifty.casbin_tree())
    return lambda asked: [
        enforcer.enforce(purpose, act, category, party) for act, purpose, category, party in asked
    ]


def _agree(asked: Sequence[Question], deciders: dict[str, Decide]) -> None:
    """Nothing is measured unless all say the same to every question."""
    answers = {name: decide(asked) for name, decide in deciders.items()}
    for question, *said in zip(asked, *answers.values(), strict=True):
        assert len(set(said)) == 1, f"{question}: {dict(zip(answers, said, strict=True))}"
    permitted = sum(next(iter(answers.values())))
    assert len(asked) * 0.3 < permitted < len(asked) * 0.7, f"{permitted} are permitted"
