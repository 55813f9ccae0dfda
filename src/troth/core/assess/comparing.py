"""What changed between two assessments, in sentences."""

from __future__ import annotations

from typing import Any, Final

LONGEST: Final = 8


def changes(before: dict[str, Any] | None, after: dict[str, Any]) -> list[str]:
    """How an assessment differs from the one before it; both as their documents hold them."""
    if before is None:
        return ["The first assessment."]
    said = []
    if before["policy"]["version"] != after["policy"]["version"]:
        said.append(f"The policy is version {after['policy']['version']}.")
    if before["source"] != after["source"]:
        said.append("The software is another.")
    if before["left_out"] != after["left_out"]:
        left = ", ".join(after["left_out"]) or "nothing"
        said.append(f"Left out: {left}.")
    was, now = _failing(before), _failing(after)
    said += _told("Fails now", [now[key] for key in now if key not in was])
    said += _told("Mended", [was[key] for key in was if key not in now])
    return said or ["Nothing."]


def _failing(content: dict[str, Any]) -> dict[tuple[str, str, str], str]:
    """The findings that failed, by check, place and words."""
    return {
        (row["key"], one.get("where", ""), one["what"]): f"{row['key']}: {one['what']}"
        for row in content["checks"]
        for one in row["findings"]
        if one["state"] == "failed"
    }


def _told(how: str, findings: list[str]) -> list[str]:
    more = len(findings) - LONGEST
    shown = [f"{how}: {one}" for one in findings[:LONGEST]]
    return [*shown, f"{how}: {more} more."] if more > 0 else shown
