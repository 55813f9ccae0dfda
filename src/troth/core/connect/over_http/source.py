"""An HTTP service as a source of the rights requests."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from troth.core.connect.over_http.description import Call, Poll, Service
from troth.core.connect.over_http.transport import Answer, Transport, filled, pointed
from troth.core.connect.problems import Problem
from troth.core.rights.kinds import CORRECTION, DELETION, SHOWING
from troth.core.rights.sources import (
    Changes,
    Found,
    Left,
    Planned,
    SourceInvalid,
    SourceMissing,
    Subject,
)


@dataclass
class HttpSource:
    """A described service at an address. Nothing is sent to any other host."""

    key: str
    label: str
    address: str
    service: Service = field(repr=False)
    secret: Any = field(repr=False)

    def steps(self, kind: str) -> tuple[str, ...]:
        """Steps of what the description has a request for; a deletion that it lacks is refused
        when it is planned, not passed over.
        """
        return {DELETION: ("erase",), CORRECTION: ("correct",)}.get(kind, ())

    def plan(self, kind: str, subject: Subject, changes: Changes) -> list[Planned]:
        values = list(self._values(subject))
        if kind in SHOWING:
            return (
                [
                    Planned(self.service.name, at, c, "shown", len(values))
                    for at, c in self.service.access.found
                ]
                if values
                else []
            )
        if kind == DELETION and values:
            self._call(DELETION)
            return [
                Planned(self.service.name, at, category, "erased", len(values))
                for at, category in self.service.access.found
            ]
        if kind == CORRECTION and values:
            wanted = self._changed(changes)
            return [
                Planned(self.service.name, self._call(CORRECTION).fields[c], c, "replaced", 1)
                for c in wanted
            ]
        return []

    def run(self, step: str, kind: str, subject: Subject, changes: Changes) -> int:
        """Send the request for each identifier. Repeating it is the service's to bear: what is
        erased already is not known there, which counts as done.
        """
        wanted = self._changed(changes) if kind == CORRECTION else {}
        if kind == CORRECTION and not wanted:
            return 0
        done = 0
        for value in self._values(subject):
            call = self._call(kind)
            body = {call.fields[c]: new for c, new in wanted.items()} if wanted else call.body
            answer = self._sent(call, value, body)
            done += answer.status not in call.none
        return done

    def found(self, subject: Subject) -> Iterable[Found]:
        for value in self._values(subject):
            yield from self._found(value)

    def check(self, kind: str, subject: Subject, changes: Changes) -> list[Left]:
        """Ask as for access: what was erased must not be known, what was corrected must be so."""
        left: dict[str, int] = {}
        for value in self._values(subject):
            for one in self._found(value) if kind in (DELETION, CORRECTION) else ():
                wrong = kind == DELETION or (
                    one.category in self._changed(changes) and one.value != changes[one.category]
                )
                if wrong:
                    left[one.label] = left.get(one.label, 0) + 1
        return [Left(self.service.name, name, rows) for name, rows in left.items()]

    def problems(self) -> list[Problem]:
        """Ask for somebody who is not there: address and credential are tried, nothing is read."""
        self._sent(self.service.access, "nobody@troth.invalid", None)
        return []

    def _found(self, value: str) -> Iterator[Found]:
        call = self.service.access
        answer = self._sent(call, value, call.body)
        if answer.status in call.none:
            return
        for at, category in call.found:
            for one in pointed(answer.body, at):
                if one not in (None, "", [], {}):
                    yield Found(self.service.name, at, category, one, origin=self.label)

    def _values(self, subject: Subject) -> Iterable[str]:
        return subject.identifiers.get(self.service.identity, ())

    def _changed(self, changes: Changes) -> dict[str, str]:
        call = self.service.correction
        known = {category for _, category in self.service.access.found}
        fields = call.fields if call else {}
        if missing := (known & changes.keys()) - fields.keys():
            raise self._lacks(f"no field takes a correction of {', '.join(sorted(missing))}")
        return {category: changes[category] for category in fields.keys() & changes.keys()}

    def _call(self, kind: str) -> Call:
        call = self.service.erasure if kind == DELETION else self.service.correction
        if call is None:
            raise self._lacks(f"it has no request for a {kind}")
        return call

    def _lacks(self, why: str) -> SourceInvalid:
        return SourceInvalid(
            f"{self.label}: nothing was changed, since fields would be left as they are.",
            why=f"In the description, {why}.",
            do="Add it, or take the connection out.",
        )

    def _sent(self, call: Call, value: str, body: Any) -> Answer:
        transport = Transport(self.label, self.address, self.service, self.secret)
        path = filled(call.path, identity=value)
        answer = transport.send(call.method, path, _filled(body, value))
        if answer.status in (401, 403):
            raise transport.refused("it does not let us in")
        if answer.status not in call.expect and answer.status not in call.none:
            raise transport.refused(f"it answered {answer.status} to {call.method}")
        if call.poll is not None and answer.status not in call.none:
            self._wait(transport, call.poll, answer, value)
        return answer

    def _wait(self, transport: Transport, poll: Poll, answer: Answer, value: str) -> None:
        """Ask until it is done. Raises `SourceMissing` if it is not in the time given."""
        job = pointed(answer.body, poll.id)
        if len(job) != 1 or not isinstance(job[0], str | int):
            raise transport.refused("its answer does not name what to ask for later")
        path = filled(poll.path, id=str(job[0]), identity=value)
        until = time.monotonic() + poll.most
        while True:
            state = [str(one) for one in pointed(transport.send("GET", path).body, poll.until)]
            if state and state[0] in poll.done:
                return
            if state and state[0] in poll.failed:
                raise transport.refused("it says that it failed")
            if time.monotonic() + poll.every > until:
                raise SourceMissing(
                    f"{self.label}: it is not done yet.",
                    why=f"It took longer than {poll.most:g} seconds.",
                    do="It is asked again.",
                )
            time.sleep(poll.every)


def _filled(body: Any, value: str) -> Any:
    """A body with the identifier in place of `{identity}`."""
    if isinstance(body, str):
        return body.replace("{identity}", value)
    if isinstance(body, dict):
        return {key: _filled(one, value) for key, one in body.items()}
    if isinstance(body, list):
        return [_filled(one, value) for one in body]
    return body
