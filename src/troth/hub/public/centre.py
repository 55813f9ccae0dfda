"""The preference page: one component in two shells, the public one and the account's."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from troth.channels.campaigns.api import received
from troth.channels.cookies import api as cookies
from troth.channels.recipients.api import choice_path
from troth.core import clock
from troth.core.actors import Actor
from troth.core.choices import objecting, receipts
from troth.core.choices.models import Choice
from troth.core.ledger import api as ledger
from troth.core.notices.models import PolicyVersion
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.core.recipients.foretelling import told_of
from troth.hub.public import choosing, published
from troth.hub.public.switchboard import Board, as_set, board
from troth.kit import links
from troth.kit.throttle.counting import throttle


@dataclass(frozen=True)
class Centre:
    """One person's preference page, as one request asks for it."""

    request: Any
    person: Person
    template: str
    way: str
    receipt_address: Callable[[UUID], str]

    @property
    def actor(self) -> Actor:
        return Actor("person", self.person.ref, person_id=self.person.pk)

    def answer(self, **context: Any) -> HttpResponse:
        """The page, or what comes of saving it."""
        if self.request.method == "POST":
            chosen = "cookies" in self.request.POST
            return self._save_cookies(context) if chosen else self._save(context)
        if self.request.method == "GET":
            self._heed()
            cookies.meet(self.request, self.person, enter=False)
        return self._show(board(self.person), context)

    def download(self, entry: UUID) -> HttpResponse:
        """The consent receipt of one of the person's own choices."""
        throttle("preferences.receipt", self.person.ref, limit=240, seconds=3600)
        mine = Choice.objects.filter(person__root_id=self.person.root_id)
        choice = mine.select_related("person", "organisation").filter(entry=entry).first()
        if choice is None:
            raise Http404
        notice = published.page_url(choice.version, in_force=False)
        places = receipts.Places(
            notice=links.absolute(notice),
            choices=links.absolute(reverse("public:preferences")),
            rights=links.absolute(reverse("public:policy")),
        )
        text = json.dumps(receipts.receipt(choice, places), indent=2, ensure_ascii=False)
        answer = HttpResponse(text + "\n", content_type=receipts.MEDIA_TYPE)
        name = f"consent-receipt-{entry.hex[-8:]}.jsonld"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def _heed(self) -> list[Choice]:
        """Take the browser's objection for the person's, once."""
        if not self.request.gpc:
            return []
        return objecting.object_to_sharing(self.person, actor=self.actor)

    def _save(self, context: dict[str, Any]) -> HttpResponse:
        throttle("preferences.save", self.person.ref, limit=120, seconds=3600)
        sent = self.request.POST
        shown, on = sent.getlist("shown"), sent.getlist("on")
        try:
            made = choosing.save(
                self.person,
                actor=self.actor,
                way=self.way,
                version=sent.get("version", ""),
                shown=shown,
                on=on,
                renew=sent.get("renew", ""),
            )
        except choosing.NoticeOutdatedInvalid:
            unsaved = as_set(board(self.person), shown=shown, on=on)
            changed = {"outdated": _changes(sent.get("version", ""))}
            return self._show(unsaved, context | changed, status=409)
        made += self._heed()
        cookies.meet(self.request, self.person)
        # The page that follows shows what the ledger has from the first of them on.
        first = made[0].entry if made else None
        return HttpResponseRedirect(f"{self.request.path}?since={first.hex if first else ''}")

    def _save_cookies(self, context: dict[str, Any]) -> HttpResponse:
        """What they said of cookies: it holds in this browser, and is noted as theirs."""
        throttle("preferences.save", self.person.ref, limit=120, seconds=3600)
        try:
            made = cookies.choose(
                self.request,
                cookies.wanted(self.request.POST),
                shown=self.request.POST.get("version", ""),
                person=self.person,
                way=self.way,
            ).entered
        except cookies.NoticeOutdatedInvalid:
            changed = {"outdated": _changes(self.request.POST.get("version", ""))}
            return self._show(board(self.person), context | changed, status=409)
        first = made[0].entry if made else None
        return HttpResponseRedirect(f"{self.request.path}?since={first.hex if first else ''}")

    def _show(self, found: Board, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        since = self.request.GET.get("since")
        about = {
            "board": found,
            "version": current().version,
            "objection": objecting.objection_clause(current().rules),
            "history": [self._line(line) for line in choosing.history(self.person)],
            "foretold": _foretold(self.person),
            "cookies": [one for one in cookies.groups_of(self.request) if not one.needed],
            "received": received(self.person, receipt=self.receipt_address),
        }
        if since is not None and status == 200:  # noqa: PLR2004 - OK
            first = _uuid(since)
            done = choosing.history(self.person, since=first) if first else []
            about["done"] = [self._line(line) for line in reversed(done)]
        return render(self.request, self.template, context | about, status=status)

    def _line(self, line: ledger.Line) -> dict[str, Any]:
        """A choice on the ledger, as the page lists it."""
        choice = Choice.objects.filter(entry=line.id).first()
        return {
            "text": choosing.sentence(line),
            "wording": choice.wording if choice else "",
            "version": choice.version if choice else "",
            "clause": line.body.get("clause", ""),
            "at": datetime.fromisoformat(line.at),
            "position": line.position,
            "receipt": self.receipt_address(line.id),
        }


def _foretold(person: Person) -> list[dict[str, Any]]:
    """Recipients this person was told of: what goes there from when, and where to refuse it."""
    rules, found = current().rules, []
    for told in told_of(person):
        party, purpose = rules.recipients.get(told.recipient), rules.purposes.get(told.purpose)
        if party is not None and purpose is not None:
            found.append(
                {
                    "party": party,
                    "purpose": purpose,
                    "clause": told.clause,
                    "from": told.opens_at,
                    "over": told.opens_at <= clock.now(),
                    "url": choice_path(person, told.recipient, told.purpose),
                }
            )
    return found


def _changes(old: str) -> dict[str, str]:
    """The notice of a change: the version in force, and where to read what became of the old."""
    new = current().version
    known = PolicyVersion.objects.filter(version=old).exists()
    address = reverse("public:policy-compare", args=[old, new]) if known else ""
    return {"version": new, "compare": address}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(hex=text)
    except ValueError:
        return None
