"""The known name somebody most likely meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

LONGEST = 80


def nearest(word: str, known: Iterable[str]) -> str:
    """The most similar known name, or "" if none is close.

    Dotted names are also compared by their last part, so that `email` finds
    `user.contact.email`.
    """
    if not word or len(word) > LONGEST:
        return ""
    best, score = "", 0.6
    matcher = SequenceMatcher(b=word)
    tail = SequenceMatcher(b=word.rpartition(".")[2])
    for name in known:
        for compare, other, weight in (
            (matcher, name, 1.0),
            (tail, name.rpartition(".")[2], 0.85 if "." in name else 0.0),
        ):
            compare.set_seq1(other)
            if compare.real_quick_ratio() * weight <= score:
                continue
            if compare.quick_ratio() * weight <= score:
                continue
            ratio = compare.ratio() * weight
            if ratio > score:
                best, score = name, ratio
    return best


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """A hint: the nearest known name, or else what to do instead."""
    found = nearest(word, known)
    return f"Did you mean `{found}`?" if found else otherwise
