"""Whatever comes in, a clear diagnostic goes out, soon."""

from __future__ import annotations

import time
import tomllib

import pytest
from hypothesis import given, settings, strategies as st

from policy.golden_files import GOLDEN, TODAY
from troth.policy import compile, read, render_html  # noqa: A004
from troth.policy.codes import CODES

SOUND = (GOLDEN / "check" / "clean-everything.toml").read_text(encoding="utf-8")
LIMIT = 2.0
"""Seconds of the processor: the bound for any input, whatever else the machine is doing."""

FULL = 250 * 1024
"""Bytes: just below the largest file that is read."""

WIDE = 9_900
"""Characters: just below the longest line that is read."""

HOSTILE = {
    "ten megabytes": b"a" * 10_000_000,
    "ten megabytes of policy": SOUND.encode() * 2000,
    "zeros": bytes(FULL),
    "random bytes": bytes(range(256)) * 2000,
    "open brackets": b"a = " + b"[" * FULL,
    "closed brackets": b"a = " + b"]" * FULL,
    "braces": b"a = " + b"{a=" * (FULL // 3),
    "table headers": b"[" * FULL,
    "one long key": b"a" * FULL,
    "one long dotted key": b"a." * (FULL // 2) + b"a = 1",
    "many dotted keys": b"".join(b"a%d.b.c = 1\n" % n for n in range(9_900)),
    "many tables": b"".join(b"[t%d.b]\n" % n for n in range(9_900)),
    "many unknown keys": b"[policy]\n" + b"".join(b"versiom%d = 1\n" % n for n in range(9_900)),
    "many broken lines": b"= =\n" * 9_900,
    "many clauses": b"[[collect]]\n" * 9_900,
    "many one-letter lines": b"a\n" * 9_900,
    "lines of dots": (b"." * WIDE + b"\n") * 25,
    "lines of equals": (b"=" * WIDE + b"\n") * 25,
    "lines of quotes": (b'"' * WIDE + b"\n") * 25,
    "lines of closed brackets": (b"]" * WIDE + b"\n") * 25,
    "lines of open lists": (b"[1," * (WIDE // 3) + b"\n") * 25,
    "shorter lines of dots": (b"." * WIDE + b"\n") * 6,
    "shorter lines of quotes": (b'"' * WIDE + b"\n") * 6,
    "shorter lines of closed brackets": (b"]" * WIDE + b"\n") * 6,
    "shorter lines of open tables": (b"[" * WIDE + b"\n") * 6,
    "shorter lines of words": (b"a " * (WIDE // 2) + b"\n") * 6,
    "a wide list on many lines": b"[policy]\nversion = [" + (b"1," * 4900 + b"\n") * 25 + b"]",
    "a list of wide letters": "[policy]\nversion = [{}]".format("'é'," * 2400).encode(),
    "one wide list": b"[policy]\nversion = [" + b"1," * (FULL // 2 - 100) + b"]",
    "wide list of names": b"[[share]]\ndata = [" + b'"user.nam",' * (FULL // 11 - 20) + b"]",
    "open string": b'a = "' + b"x" * FULL,
    "open long string": b'a = """' + b"x\n" * 9_000,
    "quotes": b'"' * FULL,
    "apostrophes": b"'" * FULL,
    "backslashes": b'a = "' + b"\\" * FULL,
    "equals": b"=" * FULL,
    "dots": b"." * FULL,
    "spaces": b" " * FULL,
    "lines": b"\n" * 200_000,
    "comments": b"# x\n" * 9_900,
    "a long number": b"a = " + b"9" * FULL,
    "a long float": b"a = 1." + b"9" * FULL,
    "a long date": b"a = 2026-01-01T00:00:00." + b"9" * FULL,
    "surrogate escape": b'a = "\\ud800"',
    "wrong escape": b'a = "\\U00110000"',
    "utf-16": SOUND.encode("utf-16"),
    "utf-32": SOUND.encode("utf-32"),
    "two marks": b"\xef\xbb\xbf\xef\xbb\xbf[policy]",
    "carriage returns": SOUND.replace("\n", "\r").encode(),
    "an archive": b"PK\x03\x04" + bytes(1000),
    "yaml": b"policy:\n  version: 1\n",
    "json": b'{"policy": {"version": "1"}}',
    "html": b"<html><script>alert(1)</script>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_bad_input_gives_a_diagnostic_in_time(name: str) -> None:
    start = time.process_time()
    reading = read(HOSTILE[name], "hostile.toml", TODAY)
    assert time.process_time() - start < LIMIT
    assert reading.policy is None
    assert reading.errors
    for problem in reading.problems:
        assert problem.code in CODES
        assert len(problem.message) < 500
        assert problem.message.isprintable()


def test_too_many_problems_are_cut_short() -> None:
    problems = read(HOSTILE["many unknown keys"], "x.toml", TODAY).problems
    assert problems[-1].code == "T009"
    assert len(problems) == 301


def test_a_file_that_is_too_large_is_said_to_be() -> None:
    assert [one.code for one in read(HOSTILE["ten megabytes"]).problems] == ["T002"]


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(source: bytes) -> None:
    assert read(source, "x.toml", TODAY).policy is None


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=400))
def test_any_text(source: str) -> None:
    assert read(source, "x.toml", TODAY).errors


TOML = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_a_policy_with_any_line_exchanged(data: st.DataObject) -> None:
    """A sound policy in which one value is exchanged is read, or refused with reasons."""
    lines = SOUND.split("\n")
    place = data.draw(st.sampled_from([n for n, line in enumerate(lines) if " = " in line]))
    value = data.draw(
        st.sampled_from(
            ['""', "[]", "{}", "-1", "1.5", "true", "2026-01-01", '"user"', '["user"]', '["", ""]',
             '"2.4"', "nan", "07:00:00", "[[]]", "[{ a = 1 }]", "[1, true]", '"\\u0000"', "= 1"]
        )
    )  # fmt: skip
    lines[place] = f"{lines[place].partition(' = ')[0]} = {value}"
    reading = read("\n".join(lines), "x.toml", TODAY)
    if reading.policy is None:
        assert reading.errors
    else:
        rules = compile(reading.policy)
        for act in ("collect", "use", "share", "sell"):
            rules.explain(act, "support", "user.name", "forms.demo")
        assert render_html(reading.policy)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_policy_with_a_line_taken_out_or_cut_short(data: st.DataObject) -> None:
    lines = SOUND.split("\n")
    place = data.draw(st.integers(0, len(lines) - 1))
    cut = data.draw(st.integers(0, len(lines[place])))
    lines[place] = lines[place][:cut]
    source = "\n".join(lines)
    reading = read(source, "x.toml", TODAY)
    try:
        tomllib.loads(source)
    except tomllib.TOMLDecodeError:
        assert "T003" in {problem.code for problem in reading.problems}
    else:
        assert "T003" not in {problem.code for problem in reading.problems}
