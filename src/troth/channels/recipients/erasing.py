"""A deletion passed on to a recipient's service, where it has a request for it."""

from __future__ import annotations

from troth.channels.recipients.delivering import transport_of
from troth.channels.recipients.describing import Description, Operation, still_holds
from troth.channels.recipients.models import Connector
from troth.channels.rights.api import Content, Telling, pass_on_by
from troth.core.errors import Missing
from troth.core.rights.kinds import DELETION


def register() -> None:
    pass_on_by(knows, tell)


def knows(recipient: str) -> bool:
    """Whether a service of this recipient takes deletions."""
    return _service(recipient) is not None


def tell(telling: Telling, content: Content) -> bool | None:
    """Have the person deleted there. True: it says that it did; None: it could not be told so."""
    found = _service(telling.recipient)
    if telling.kind != DELETION or found is None:
        return None
    connector, said, operation = found
    done = False
    for number in range(max(map(len, content.identifiers.values()), default=0)):
        body = {
            name: content.identifiers[key][number]
            for key, name in operation.fields.items()
            if number < len(content.identifiers.get(key, ()))
        }
        if not body:
            continue
        try:
            service = transport_of(connector, said, f"{telling.ref}-{number}")
            answer = service.send(operation.method, operation.path, body)
        except Missing:
            return None
        if not (200 <= answer.status < 300 or answer.status == 404):  # noqa: PLR2004
            return None
        done = True
    return done or None


def _service(recipient: str) -> tuple[Connector, Description, Operation] | None:
    for connector in Connector.objects.filter(recipient=recipient):
        said = still_holds(connector.description)
        if said is not None and "erase" in said.operations:
            return connector, said, said.operations["erase"]
    return None
