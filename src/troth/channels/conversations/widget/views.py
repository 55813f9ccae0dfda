"""What the script on a web site calls. Views parse, call one action or query, and answer."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import condition, require_safe

from troth.channels.conversations import actions, queries
from troth.channels.conversations.models import Conversation, SecureForm
from troth.channels.conversations.widget import asking, carrying, transcript
from troth.channels.conversations.widget.crossing import (
    CallInvalid,
    OutdatedInvalid,
    body,
    chat,
    from_any_site,
)
from troth.core.actors import Actor
from troth.core.notices.versions import PolicyMissing, Published, current
from troth.core.people.models import Person
from troth.core.people.records import Given
from troth.kit.clauses import POLICY_URL
from troth.kit.live import address

SHORTEST_SECRET, LONGEST_SECRET = 32, 200
LONGEST_ANSWER: Final = 500
OVER: Final = {Conversation.State.SOLVED, Conversation.State.CLOSED}
KIND: Final = "text/javascript; charset=utf-8"
FRESH: Final = "public, max-age=300, stale-while-revalidate=86400"


def script_of(published: Published) -> str:
    """Where the script of the chat is; empty where the policy has no chat."""
    chats = asking.MESSAGE in published.rules.touchpoints
    return reverse("conversations:widget") if chats else ""


def _carried(request: Any) -> carrying.Script | None:
    """The script of the organisation, or None where its policy has no chat."""
    try:
        published = current()
    except PolicyMissing:
        return None
    if asking.MESSAGE not in published.rules.touchpoints:
        return None
    organisation = request.organisation
    accent = published.policy.company.accent or organisation.accent
    return carrying.script(organisation.name, accent, POLICY_URL)


def _tag(request: HttpRequest) -> str | None:
    found = _carried(request)
    return f'"{found.tag}"' if found else None


@require_safe
@condition(etag_func=_tag)
def script(request: HttpRequest) -> HttpResponse:
    """The widget, with all it needs before it is opened; 404 where the policy has no chat."""
    found = _carried(request)
    if found is None:
        told = (
            'console.info("There is no chat here: the published policy has no clause for it.");\n'
        )
        return HttpResponse(told, status=404, content_type=KIND)
    answer = _handed_out(request, found)
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _handed_out(request: HttpRequest, found: carrying.Script) -> HttpResponse:
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(found.packed if packed else found.text, content_type=KIND)
    if packed:
        answer["Content-Encoding"] = "gzip"
    answer["Vary"] = "Accept-Encoding"
    answer["Cache-Control"] = FRESH
    return answer


@require_safe
@condition(etag_func=lambda _: f'"{carrying.desk_script().tag}"')
def desk_script(request: HttpRequest) -> HttpResponse:
    """What masks in the browser what staff type. It holds no value and is the same for all."""
    return _handed_out(request, carrying.desk_script())


@from_any_site("GET")
def now(request: HttpRequest) -> HttpResponse:
    """How the desk stands, and what is asked where: fetched when the widget is opened."""
    published, desk = current(), queries.desk()
    pre = asking.described(asking.PRE_CHAT, published)
    return JsonResponse(
        {
            "version": published.version,
            "online": queries.online(),
            "live": address.of(request),
            "greeting": desk.greeting,
            "pre_chat": desk.pre_chat if pre else "off",
            "pre": pre,
            "message": asking.described(asking.MESSAGE, published),
            "offline": asking.described(asking.OFFLINE, published),
            "most_mb": desk.attachments_mb,
            "read_marks": desk.read_marks,
        }
    )


@from_any_site("POST", what="chat.open")
def open_chat(request: HttpRequest) -> HttpResponse:
    """Open a chat with its first message, and the pre-chat form where that was filled in."""
    sent, published, actor = body(request), current(), Actor.visitor()
    _in_force(sent, published)
    conversation, _ = actions.open_chat(
        actor=actor,
        text=_text(sent, "text", published),
        client_id=_uuid(sent, "id"),
        given=_pre(sent, published, actor),
        secret=_secret(sent),
    )
    return JsonResponse({"ref": conversation.ref, "number": conversation.number}, status=201)


@from_any_site("POST", what="chat.open")
def offline(request: HttpRequest) -> HttpResponse:
    """The form for when nobody is there; it becomes a ticket, once for each id."""
    sent, published, actor = body(request), current(), Actor.visitor()
    _in_force(sent, published)
    given = asking.given(asking.OFFLINE, sent.get("values"), published, actor=actor)
    made = actions.take_offline(actor=actor, given=given, client_id=_uuid(sent, "id"))
    return JsonResponse({"number": made.number}, status=201)


@from_any_site("GET")
def state(request: HttpRequest, ref: str) -> HttpResponse:
    """How the chat stands, but for its messages."""
    found = chat(request, ref)
    forms = found.secure_forms.order_by("asked_at")
    return JsonResponse(
        {
            "number": found.number,
            "state": found.state,
            "ended": found.state in OVER,
            "named": found.person.state == Person.State.IDENTIFIED
            or found.person_id != found.person.root_id,
            "rate": found.asked_rating_at is not None and found.rating is None,
            "copy": transcript.may_be_sent(found),
            "secure": [
                {
                    "ref": form.ref,
                    "asks": form.asks,
                    "answered": form.answered_at is not None,
                    "gone": form.gone_at is not None,
                }
                for form in forms
            ],
        }
    )


@from_any_site("POST")
def pre_chat(request: HttpRequest, ref: str) -> HttpResponse:
    """Who they are, told later in the chat."""
    found, sent, published, actor = chat(request, ref), body(request), current(), Actor.visitor()
    _in_force(sent, published)
    actions.identify(found, actor=actor, given=_pre(sent, published, actor))
    return JsonResponse({})


@from_any_site("POST")
def end(request: HttpRequest, ref: str) -> HttpResponse:
    actions.close(chat(request, ref), actor=Actor.visitor())
    return JsonResponse({})


@from_any_site("POST")
def rating(request: HttpRequest, ref: str) -> HttpResponse:
    found, given = chat(request, ref), body(request).get("rating")
    if type(given) is not int:
        raise CallInvalid("A rating is a whole number.")
    actions.rate(found, actor=Actor.visitor(), rating=given)
    return JsonResponse({})


@from_any_site("POST", what="chat.mail")
def copy(request: HttpRequest, ref: str) -> HttpResponse:
    """A copy by mail, to the address given in this chat."""
    transcript.send_copy(chat(request, ref), actor=Actor.visitor())
    return JsonResponse({}, status=202)


@from_any_site("POST")
def secure(request: HttpRequest, ref: str, form: str) -> HttpResponse:
    """Answers to a secure form: not masked, since they are asked for, and gone with the chat."""
    found = SecureForm.objects.filter(conversation=chat(request, ref), ref=form).first()
    answers = body(request).get("answers")
    if found is None or not isinstance(answers, dict) or set(answers) != set(found.asks):
        raise CallInvalid("These are not the answers that were asked for.")
    if not all(isinstance(one, str) and len(one) <= LONGEST_ANSWER for one in answers.values()):
        raise CallInvalid("An answer is a text of up to 500 characters.")
    actions.answer_securely(found, actor=Actor.visitor(), answers=answers)
    return JsonResponse({})


def _in_force(sent: dict[str, Any], published: Published) -> None:
    if sent.get("version") != published.version:
        raise OutdatedInvalid(
            "The privacy policy changed while this page was open.",
            why="What you agree to has to be what is in force.",
            do="Look at it and send once more; what you wrote is still there.",
        )


def _pre(sent: dict[str, Any], published: Published, actor: Actor) -> list[Given]:
    values = sent.get("values")
    if values is None or asking.PRE_CHAT not in published.rules.touchpoints:
        return []
    return asking.given(asking.PRE_CHAT, values, published, actor=actor)


def _text(sent: dict[str, Any], name: str, published: Published) -> str:
    fields = published.rules.touchpoints[asking.MESSAGE].fields if _chats(published) else ()
    most = max((field.max_length for field in fields), default=0)
    found = sent.get(name)
    if not isinstance(found, str) or not found.strip():
        raise CallInvalid("There is nothing written in this.")
    if len(found) > most:
        raise CallInvalid(f"A message has up to {most} characters.")
    return found


def _chats(published: Published) -> bool:
    if asking.MESSAGE not in published.rules.touchpoints:
        raise asking.TouchpointMissing("This company has no chat.", why="Its policy has none.")
    return True


def _uuid(sent: dict[str, Any], name: str) -> UUID:
    try:
        return UUID(str(sent.get(name)))
    except ValueError:
        raise CallInvalid(f"`{name}` is a UUID.") from None


def _secret(sent: dict[str, Any]) -> str:
    found = sent.get("secret")
    if not isinstance(found, str) or not SHORTEST_SECRET <= len(found) <= LONGEST_SECRET:
        raise CallInvalid("`secret` is random, and of at least 32 characters.")
    return found
