"""One conversation: what was said as far as it opens, who it is with, what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from troth.channels.cases.api import report_path
from troth.channels.conversations import actions, beside, queries, reading
from troth.channels.conversations.console import listing, wording
from troth.channels.conversations.console.inbox import around
from troth.channels.conversations.console.wording import Sign
from troth.channels.conversations.models import (
    Conversation,
    FollowUp,
    Held,
    Link,
    Message,
    RawMail,
    SecureForm,
)
from troth.channels.conversations.reading import Read
from troth.core.choices.switches import switches
from troth.core.errors import Refusal
from troth.core.notices.versions import version
from troth.kit.inbound.cleaning import presented
from troth.kit.inbound.folding import fold

SEALED_SHOWN = 50


@dataclass(slots=True)
class Said:
    """A message as the thread shows it."""

    id: UUID
    seq: int
    side: str
    who: str
    at: Any
    text: str = ""
    pieces: Sequence[Any] = ()
    html: SafeString | None = None
    subject: str = ""
    masked: str = ""
    automatic: bool = False
    delivery: Sign | None = None
    status: str = ""
    checks: list[tuple[str, Sign]] = field(default_factory=list)
    suspect: bool = False
    files: Sequence[Any] = ()
    seen_at: Any = None
    raw: RawMail | None = None
    number: int = 0
    sealed: bool = False
    report: str = ""


@never_cache
@require_safe
def conversation(request: Any, ref: str) -> HttpResponse:
    return shown(request, queries.by_ref(ref))


def shown(request: Any, found: Conversation, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a conversation, the list beside it; `more` is what a refused change brings."""
    reading.looked(found, actor=request.actor)
    if found.merged_into is not None and "into" not in more:
        more["into"] = found.merged_into
    context = around(request) | about(request, found) | more
    answer = render(request, "conversations/conversation.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def about(request: Any, found: Conversation) -> dict[str, Any]:
    """Everything of one conversation but the list."""
    actor, me = request.actor, request.member.ref
    listing.dress(found, me)
    may_read = reading.may_read(found, actor=actor)
    names = wording.members()
    context: dict[str, Any] = {
        "talk": found,
        "may_read": may_read,
        # From a colleague it is taken under a grant, or by whoever gives grants.
        "may_take": found.assignee_id is None or may_read or "grants.give" in actor.abilities,
        "purpose_key": queries.purpose_of(found),
        "purposes": (purposes := _purposes(found)),
        "history": _history(found, names, me),
        "held_mails": _held(found),
        "links": _links(found),
        "tasks": FollowUp.objects.filter(conversation=found, done_at=None),
        "task_kinds": list(wording.FOLLOW_UPS.items()),
        "link_kinds": list(wording.LINKS.items()),
        "participants": found.participants.filter(copied=True).count(),
        "client_id": uuid4(),
        "canned_replies": queries.canned(),
        "state_sign": wording.STATES[found.state],
        "offers": beside.offers(found, actor) if may_read else [],
    }
    if not may_read:
        return context | {"said": _sealed(found, names, me), "denied": None}
    try:
        read = reading.messages(found, actor=actor)
        alone = request.htmx and request.htmx.target == "thread"
        if not alone:
            picked = str(request.GET.get("purpose", ""))
            if picked in {one.key for one in purposes}:
                context["purpose_key"] = picked
            context |= _who_it_is(request, found, str(context["purpose_key"]))
            context["copied_to"] = reading.copied_to(found, actor=actor)
            context["choices"] = _choices(found)
    except Refusal as refusal:
        # Closed to this member by the policy or the person, though the conversation is theirs.
        return context | {"said": _sealed(found, names, me), "denied": refusal, "may_read": False}
    if read and found.assignee_id == request.member.pk:
        actions.saw(found, actor=actor, seq=read[-1].seq)
    context["said"] = thread(read, found, names, me)
    context["secure_forms"] = [] if alone else secure_forms(request, found)
    context["newest"] = read[-1].seq if read else 0
    return context


def _who_it_is(request: Any, found: Conversation, purpose: str) -> dict[str, Any]:
    """The card of the person, for the purpose that was picked. Where that does not open it, what
    was said stays open all the same.
    """
    try:
        card = reading.card(found, actor=request.actor, purpose=purpose)
    except Refusal as refusal:
        if purpose == queries.purpose_of(found):
            raise
        return {"card_denied": refusal}
    return {"card": card, "lines": [(wording.theirs(name), value) for name, value in card.lines]}


def thread(read: Sequence[Read], found: Conversation, names: dict[str, str], me: str) -> list[Said]:
    """The messages dressed for the template."""
    kept = RawMail.objects.filter(message__conversation=found).defer("content")
    raws = {raw.message_id: raw for raw in kept}
    numbers = dict(found.merged.values_list("pk", "number"))
    return [_said(one, found, names, me, raws, numbers) for one in read]


def _said(
    one: Read,
    found: Conversation,
    names: dict[str, str],
    me: str,
    raws: Mapping[UUID | None, RawMail],
    numbers: dict[UUID, int],
) -> Said:
    raw = raws.get(one.id)
    who = _who(one.side, one.author, found, names, me)
    if one.side == Message.Side.SYSTEM:
        words = wording.system_words(one.said, who)
        return Said(one.id, one.seq, one.side, who, one.sent_at, text=words)
    delivery = wording.DELIVERIES.get(one.delivery)
    return Said(
        id=one.id,
        seq=one.seq,
        side=one.side,
        who=who,
        at=one.sent_at,
        pieces=fold(one.text),
        html=presented(one.html) if one.formatted and one.html else None,
        subject=one.subject,
        masked=wording.masked(list(one.masked)),
        automatic=one.automatic,
        delivery=delivery,
        status=one.delivery_status,
        checks=checks(one.checked),
        suspect=suspect(one.checked),
        files=one.attachments,
        seen_at=one.seen_at,
        raw=raw if raw is not None and raw.state == RawMail.State.UNREADABLE else None,
        number=numbers.get(one.conversation, 0),
        sealed=one.withheld,
        report=report_path(f"message.{one.id.hex}") if one.side == Message.Side.PERSON else "",
    )


def _who(side: str, author: str, found: Conversation, names: dict[str, str], me: str) -> str:
    if side == Message.Side.PERSON:
        return wording.person_label(found.person.root)
    label = names.get(author, "The software" if not author else "Former staff")
    return f"{label} (you)" if author and author == me else label


def checks(checked: Mapping[str, Any]) -> list[tuple[str, Sign]]:
    """What SPF, DKIM and DMARC say, in words."""
    kinds = (("spf", "SPF"), ("dkim", "DKIM"), ("dmarc", "DMARC"))
    unknown = Sign("neutral", "unknown")
    return [
        (word, wording.CHECKS.get(str(checked[key]), unknown))
        for key, word in kinds
        if key in checked
    ]


def suspect(checked: Mapping[str, Any]) -> bool:
    """Whether the sender may be forged: DMARC fails, or nothing passes and something fails."""
    said = [checked.get("spf"), checked.get("dkim")]
    return checked.get("dmarc") == "fail" or ("pass" not in said and "fail" in said)


def _sealed(found: Conversation, names: dict[str, str], me: str) -> list[Said]:
    """When which side wrote, without a word of it."""
    rows = Message.objects.filter(Q(conversation=found) | Q(conversation__merged_into=found))
    rows = rows.select_related("author").order_by("-sent_at", "-seq")[:SEALED_SHOWN]
    return [
        Said(
            id=row.pk,
            seq=row.seq,
            side=row.side,
            who=_who(row.side, row.author.ref if row.author else "", found, names, me),
            at=row.sent_at,
            text=wording.system_words(row.said, "Somebody") if row.said else "",
            sealed=True,
        )
        for row in reversed(rows)
    ]


def _purposes(found: Conversation) -> list[Any]:
    """What its words may be used for, as the version they came under says."""
    rules = version(found.version).rules
    touchpoint = rules.touchpoints.get(found.touchpoint)
    return [rules.purposes[key] for key in touchpoint.purposes] if touchpoint else []


def _choices(found: Conversation) -> list[Any]:
    """What the person said about purposes that ask them; nothing of who never was asked."""
    asked = [one for one in switches(found.person.root) if not one.fixed]
    return [one for one in asked if one.since is not None]


def _history(found: Conversation, names: dict[str, str], me: str) -> list[dict[str, Any]]:
    return [
        {"when": line.at, "text": wording.told(line, names, me)}
        for line in reversed(queries.history(found))
    ]


def _held(found: Conversation) -> list[Held]:
    held = list(Held.objects.filter(conversation=found).select_related("raw"))
    for one in held:
        one.words = wording.HELD.get(one.why, one.why)  # type: ignore[attr-defined]
    return held


def _links(found: Conversation) -> list[dict[str, Any]]:
    rows = Link.objects.filter(Q(one=found) | Q(other=found)).select_related("one", "other")
    return [
        {
            "other": row.other if row.one_id == found.pk else row.one,
            "words": (wording.LINKS if row.one_id == found.pk else wording.ASKED_BACK).get(
                row.kind, row.kind
            ),
        }
        for row in rows
    ]


def secure_forms(request: Any, found: Conversation) -> list[dict[str, Any]]:
    """What was asked securely, with the answers while the chat lasts."""
    shown = []
    for form in SecureForm.objects.filter(conversation=found):
        answers: dict[str, str] = {}
        if form.answered_at is not None and form.gone_at is None:
            answers = dict(reading.secure_answers(form, actor=request.actor))
        shown.append({"form": form, "answers": answers})
    return shown
