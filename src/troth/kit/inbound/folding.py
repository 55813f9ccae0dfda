# ruff: noqa: RUF001 - patterns of many languages
"""What somebody wrote, what they quoted, and what they sign with: told apart line by line.

Nothing is left out. Readers see the words and may unfold the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["words", "quote", "signature"]

LINES: Final = 20_000
_WIDE: Final = 400  # characters of a line that patterns look at
_INTRODUCES: Final = re.compile(
    r"\s*(On\b.*\bwrote|Am\b.*\bschrieb.*|Le\b.*\ba écrit|El\b.*\bescribió|Il\b.*\bha scritto|"
    r"Em\b.*\bescreveu|Op\b.*\b(schreef.*|geschreven)|Den\b.*\bskrev.*|W dniu\b.*\bnapisał.*|"
    r"Dne\b.*\bnapsal.*|.*\bkirjoitti|.*\bпис(ал|ала|али)(\(а\))?|.*\bпишет|.*написал(\(а\))?|"
    r".*tarihinde.*yazdı|.*のメッセージ|.*写道)\s*[:：]?\s*",
    re.IGNORECASE,
)
_DIVIDES: Final = re.compile(
    r"\s*([-_]{2,}\s*(Original Message|Forwarded message|Original Appointment|"
    r"Ursprüngliche Nachricht|Weitergeleitete Nachricht|Message d'origine|Message transféré|"
    r"Mensaje original|Messaggio originale|Mensagem original|Oorspronkelijk bericht|"
    r"Ursprungligt meddelande|Opprinnelig melding|Oprindelig meddelelse|Wiadomość oryginalna|"
    r"Исходное сообщение)\s*[-_]{2,}|Begin forwarded message:)\s*",
    re.IGNORECASE,
)
_RULE: Final = re.compile(r"\s*(_{20,}|-{20,})\s*")
_FIELD: Final = re.compile(
    r"\s*\*?(From|To|Cc|Sent|Date|Subject|Von|An|Gesendet|Datum|Betreff|De|À|Envoyé|Objet|Para|"
    r"Enviado|Fecha|Asunto|Da|Inviato|Oggetto|Van|Aan|Verzonden|Onderwerp|Från|Skickat|Ämne|Til|"
    r"Sendt|Emne|От|Кому|Дата|Тема)\*?\s?:\*?\s.*",
    re.IGNORECASE,
)
_SIGNS: Final = re.compile(
    r"(-- ?|—|Sent from my .{1,40}|Von meinem .{1,40} gesendet|Envoyé de mon .{1,40}|"
    r"Enviado desde mi .{1,40}|Inviato da(l mio)? .{1,40}|Get Outlook for .{1,20}|"
    r"Verzonden vanaf mijn .{1,40})\s*",
    re.IGNORECASE,
)
_OF_A_SIGNATURE: Final = 15  # lines; what is longer is no signature
_OF_A_HEAD: Final = 3  # fields that follow each other: a quoted head


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str


def fold(text: str) -> list[Piece]:
    """The pieces of a text in their order; joined by line breaks they are the text."""
    lines = text.split("\n")
    kinds = _kinds(lines[:LINES]) + ["quote"] * max(0, len(lines) - LINES)
    pieces: list[tuple[str, list[str]]] = []
    for kind, line in zip(kinds, lines, strict=True):
        if pieces and (pieces[-1][0] == kind):
            pieces[-1][1].append(line)
        else:
            pieces.append((kind, [line]))
    return [Piece(kind, "\n".join(found)) for kind, found in pieces]  # type: ignore[arg-type]


def own_words(text: str) -> str:
    """What they wrote themselves, without quotes and signature; all, where nothing is left."""
    found = "\n".join(piece.text for piece in fold(text) if piece.kind == "words").strip()
    return found or text.strip()


def _kinds(lines: list[str]) -> list[str]:
    kinds = ["words"] * len(lines)
    at = 0
    while at < len(lines):
        line = lines[at][:_WIDE]
        if line.startswith(">"):
            kinds[at] = "quote"
        elif (spread := _introduction(lines, at)) and _quoted_after(lines, at + spread):
            for number in range(at, at + spread):
                kinds[number] = "quote"
            at += spread
            continue
        elif _begins_a_tail(lines, at):
            # Below such a line mailers put the whole mail they answer, unmarked.
            for number in range(at, len(lines)):
                kinds[number] = "quote"
            break
        at += 1
    return _with_blanks(lines, _with_signature(lines, kinds))


def _introduction(lines: list[str], at: int) -> int:
    """How many lines “On … wrote:” takes here; mailers break it in up to three."""
    for spread in (1, 2, 3):
        if not "".join(lines[at + spread - 1 : at + spread]).strip():
            return 0
        text = " ".join(line.strip() for line in lines[at : at + spread])[:_WIDE]
        if _INTRODUCES.fullmatch(text) and (text.rstrip().endswith((":", "：")) or spread == 1):
            return spread
    return 0


def _quoted_after(lines: list[str], at: int) -> bool:
    """Whether a quote follows; without marks, at the end of what is said, counts too."""
    following = next((line for line in lines[at:] if line.strip()), "")
    return following.startswith(">")


def _begins_a_tail(lines: list[str], at: int) -> bool:
    line = lines[at][:_WIDE]
    if not line.strip():
        return False
    if _DIVIDES.fullmatch(line):
        return True
    if _RULE.fullmatch(line):
        return any(_FIELD.fullmatch(one[:_WIDE]) for one in lines[at + 1 : at + 2])
    if _FIELD.fullmatch(line):
        block = [_FIELD.fullmatch(one[:_WIDE]) for one in lines[at : at + _OF_A_HEAD]]
        return len(block) == _OF_A_HEAD and all(block)
    spread = _introduction(lines, at)
    return bool(spread) and " ".join(lines[at : at + spread]).rstrip().endswith((":", "："))


def _with_signature(lines: list[str], kinds: list[str]) -> list[str]:
    """The last own lines from “-- ” on, where they are few (RFC 3676 section 4.3)."""
    own = [number for number, kind in enumerate(kinds) if kind == "words"]
    while own and not lines[own[-1]].strip():
        own.pop()
    for number in reversed(own[-_OF_A_SIGNATURE:]):
        if _SIGNS.fullmatch(lines[number][:_WIDE]):
            for later in own:
                if later >= number:
                    kinds[later] = "signature"
            break
    return kinds


def _with_blanks(lines: list[str], kinds: list[str]) -> list[str]:
    """Blank lines between two of a kind, or after the last, belong to it."""
    after = [""] * len(kinds)  # the kind of the next line that is not blank
    for number in range(len(kinds) - 2, -1, -1):
        after[number] = kinds[number + 1] if lines[number + 1].strip() else after[number + 1]
    for number in range(1, len(kinds)):
        before = kinds[number - 1]
        if not lines[number].strip() and before != "words" and after[number] in (before, ""):
            kinds[number] = before
    return kinds
