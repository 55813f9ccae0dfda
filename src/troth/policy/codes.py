"""Every code of the checker: a code keeps its meaning for ever, and a retired one stays unused.

T0 reading the file, T1 its form, T2 names and numbers, T3 contradictions (errors), T4 doubts
(warnings), T9 notes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Code:
    """What a code stands for: its title, why it matters and what to do in general."""

    title: str
    why: str
    hint: str
    severity: Literal["error", "warning", "note"]


def _error(title: str, why: str, hint: str) -> Code:
    return Code(title, why, hint, "error")


def _warning(title: str, why: str, hint: str) -> Code:
    return Code(title, why, hint, "warning")


CODES = {
    # Reading
    "T001": _error(
        "not UTF-8 text",
        "A policy is a TOML file, and TOML is UTF-8 text.",
        "Save the file as UTF-8 text.",
    ),
    "T002": _error(
        "file too large",
        "A policy is read by people; no real one comes near this size.",
        "Check that this is the policy file and not something else.",
    ),
    "T003": _error(
        "not valid TOML",
        "The file cannot be understood from here on.",
        "Correct this line; the form is that of toml.io.",
    ),
    "T004": _error(
        "nested too deeply",
        "No table of a policy lies deeper than a few levels.",
        "Use the tables of the format, such as [[collect]].",
    ),
    "T005": _error(
        "invisible character",
        "Characters that cannot be seen can make a text read differently from what it says.",
        "Type the line again without it.",
    ),
    "T006": _error(
        "empty file",
        "A policy needs at least [policy] and [company].",
        "Start from the worked example in docs/policy-format.md.",
    ),
    "T009": _error(
        "too many problems",
        "A file with this many problems is better started afresh.",
        "Correct the first ones and check again.",
    ),
    # Form
    "T101": _error(
        "missing table",
        "Without this table the policy does not say whose it is or since when it holds.",
        "Add the table.",
    ),
    "T102": _error(
        "unknown table",
        "A table the format does not know would have no effect, and nobody would notice.",
        "See the list of tables in docs/policy-format.md.",
    ),
    "T103": _error(
        "unknown key",
        "A key the format does not know would have no effect, and nobody would notice.",
        "Remove it, or see the table's keys in docs/policy-format.md.",
    ),
    "T104": _error(
        "wrong type",
        "The software would have to guess what is meant.",
        "Write the value as shown.",
    ),
    "T105": _error(
        "missing key",
        "The clause is not complete without it.",
        "Add the key.",
    ),
    "T106": _error(
        "value not in the list",
        "The software acts on this word, so it has to be one it knows.",
        "Use one of the listed words.",
    ),
    "T107": _error(
        "not a period",
        "A promise about time has to be one that a clock can keep.",
        "Write a number and a unit, such as `30 days`, `10 business days` or "
        "`2 years after last contact`.",
    ),
    "T108": _error(
        "malformed value",
        "The value is used as an address, a key or a number, so its form matters.",
        "Write it as docs/policy-format.md shows.",
    ),
    "T109": _error(
        "number out of range",
        "The number cannot be meant.",
        "Use a number in the range shown.",
    ),
    # Names and numbers
    "T201": _error(
        "unknown data category",
        "Data is named by fideslang's categories, so that clauses, code and databases "
        "mean the same thing.",
        "Use a category of fideslang, or declare an element under [elements].",
    ),
    "T202": _error(
        "unknown data use",
        "Uses are named by fideslang, so that forbidding a use covers all it includes.",
        "Use a data use of fideslang.",
    ),
    "T203": _error(
        "unknown purpose",
        "Data may only serve purposes that the policy declares.",
        "Declare it under [purposes].",
    ),
    "T204": _error(
        "unknown recipient",
        "Data may only go to recipients that the policy names.",
        "Declare it under [recipients].",
    ),
    "T205": _error(
        "unknown touchpoint",
        "The clause speaks of a place where nothing is collected.",
        "Use the `at` of a [[collect]] clause.",
    ),
    "T206": _error(
        "unknown clause",
        "An exception for a clause that does not exist excepts nothing.",
        "Use the number of a clause of this policy.",
    ),
    "T207": _error(
        "unknown calendar",
        "Business days can only be counted with the holidays of the place.",
        "Use a country code, if need be with a part: `CA-BC`, `DE-BY`, `US`.",
    ),
    "T208": _error(
        "clause number used twice",
        "A number has to lead to one statement: proofs, receipts and people refer to it.",
        "Give one of them another number, or leave `text` out where the block only adds "
        "effect to the clause before.",
    ),
    "T209": _error(
        "clause without text",
        "What has effect must be there for people to read.",
        "Add `text`, or use the number of a clause that has it.",
    ),
    "T210": _error(
        "listed twice",
        "The same thing twice hides which of the two is meant.",
        "Remove one.",
    ),
    "T211": _error(
        "ambiguous key",
        "A key that is also a category or a kind of recipient can be read in two ways.",
        "Use another key.",
    ),
    # Contradictions
    "T301": _error(
        "forbidden by another clause",
        "The policy permits and forbids the same thing; a forbidding clause always wins, "
        "so the permission would be void.",
        "Narrow one of the two clauses, or name the exception in `except`.",
    ),
    "T302": _error(
        "prohibited purpose",
        "The policy rules this purpose out, so nothing can be done for it.",
        "Take the purpose out of the clause, or give it another basis.",
    ),
    "T303": _error(
        "recipient without safeguard",
        "Whoever handles personal data for a company has to be bound to protect it.",
        "Add `safeguards` to the recipient, such as `dpa`, `scc` or `written-agreement`.",
    ),
    "T304": _error(
        "safeguard not sufficient",
        "The policy itself says which safeguards such a recipient must have.",
        "Add one of them to the recipient's `safeguards`.",
    ),
    "T305": _error(
        "safeguard expired",
        "A disclosure to this recipient would be refused from the first day.",
        "Renew the safeguard and give its new date in `expires`.",
    ),
    "T306": _error(
        "dates out of order",
        "A policy cannot be revised after it took effect without becoming another version.",
        "Correct `effective` or `revised`.",
    ),
    "T307": _error(
        "card number would be stored",
        "Card numbers belong with the payment processor alone; kept here they are a "
        "danger without a use.",
        "Put the card data in a [[collect]] of its own with `pass_to` and the processor's key.",
    ),
    "T308": _error(
        "business days without a calendar",
        "Business days differ from place to place.",
        "Give `company.calendar`, such as `CA-BC`.",
    ),
    "T309": _error(
        "two minimum ages",
        "Two clauses name different ages, and only one of them can be enforced.",
        "Write the same age in both, or leave one out.",
    ),
    "T310": _error(
        "two answers to one question",
        "The software can keep only one of the two promises.",
        "Make them the same, or leave one out.",
    ),
    "T311": _error(
        "consent not asked",
        "Another clause forbids this unless the person agreed before.",
        'Ask: give the share `choice = "opt-in"`, or the purpose `basis = "opt-in"`.',
    ),
    "T316": _error(
        "no level of one's own",
        "Nothing says how strong the recipient's protection has to be.",
        "Give a [[secure]] clause its `level`: `basic`, `sound` or `strict`.",
    ),
    # Doubts
    "T401": _warning(
        "catch-all purpose",
        "People cannot tell what they agree to, and the law of many countries asks for "
        "a specified purpose.",
        "Name the purposes one by one.",
    ),
    "T402": _warning(
        "data for no purpose",
        "Data nobody may use should not be collected.",
        "Add `for` with the purposes, or stop collecting it.",
    ),
    "T403": _warning(
        "purpose with no data",
        "Nothing is collected for it, so nothing can ever be done under it.",
        "Name it in the `for` of a [[collect]], or remove it.",
    ),
    "T404": _warning(
        "no retention",
        "Without a period the data is kept for ever.",
        "Add a [[keep]] clause for it.",
    ),
    "T405": _warning(
        "sensitive data with a weak basis",
        "The law of most countries asks for explicit consent to such data.",
        'Give the purposes `basis = "explicit-opt-in"`, or add a [[sensitive]] clause.',
    ),
    "T406": _warning(
        "no minimum age",
        "Nothing tells the software whom to turn away.",
        "Give `company.minimum_age` or an [[age]] clause.",
    ),
    "T407": _warning(
        "element never collected",
        "It is declared, and no form will ever ask for it.",
        "Use it in a [[collect]] clause, or remove it.",
    ),
    "T408": _warning(
        "recipient that receives nothing",
        "It is named to people, and no clause shares anything with it.",
        "Name it in a [[share]] clause, or remove it.",
    ),
    "T409": _warning(
        "shares what is not collected",
        "The clause permits a disclosure of data that the policy never gathers.",
        "Name only data that a [[collect]] clause gathers.",
    ),
    "T410": _warning(
        "deprecated name",
        "fideslang is about to drop it.",
        "Use the name that replaces it.",
    ),
    "T411": _warning(
        "clause outside all sections",
        "It would stand at the end of the page without a heading.",
        "Add a [[section]] whose number the clause's begins with.",
    ),
    "T412": _warning(
        "transfer abroad without a transfer safeguard",
        "Data leaves the company's country on a promise that does not speak of transfers.",
        "Add one of adequacy, framework, scc, eu-directive or written-agreement.",
    ),
    "T413": _warning(
        "safeguard has run out",
        "Disclosures to this recipient are refused now.",
        "Renew the safeguard and give its new date in `expires`.",
    ),
    "T414": _warning(
        "retention of data that is not collected",
        "The clause promises something about data that is never there.",
        "Name data that a [[collect]] clause gathers, or remove the clause.",
    ),
    "T415": _warning(
        "section without clauses",
        "It would be a heading with nothing under it.",
        "Put a clause under it, or remove it.",
    ),
    "T417": _warning(
        "marketing without a choice",
        "Mail, calls and profiles for marketing must be refusable nearly everywhere.",
        'Give the purpose `basis = "opt-out"` or `"opt-in"`.',
    ),
    "T418": _warning(
        "collects nothing",
        "A touchpoint without data needs no clause, and this one would show an empty form.",
        "Fill `required`, `optional` or `data`, or remove the clause.",
    ),
    # Notes
    "T901": Code(
        "no machine effect",
        "An [[inform]] clause tells people something; the software does nothing with it "
        "but show it.",
        "Nothing needs doing. If software can keep the promise, use the clause kind for it.",
        "note",
    ),
}
