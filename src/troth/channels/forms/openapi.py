"""The calls there are, as an OpenAPI 3.1 document, made from the policy in force."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from troth.channels.forms.describing import type_of
from troth.channels.forms.fields import form_class
from troth.core.notices.versions import Published
from troth.policy import Touchpoint

PREFIX: Final = "forms."
FORMATS: Final = {"email": "email", "url": "uri", "date": "date"}
JSON, PROBLEM = "application/json", "application/problem+json"
TEXT: Final = {"type": "string"}


def document(published: Published) -> dict[str, Any]:
    """Every form of the policy: how it is read, sent and refused."""
    touchpoints = published.rules.touchpoints.items()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Forms of {published.policy.company.name}",
            "version": published.version,
            "description": "Read a form, show its notice, send it with the nonce it came with. "
            "A form read under an earlier version of the policy is answered with 409.",
        },
        "paths": {
            f"/forms/{key.removeprefix(PREFIX)}.json": _path(touchpoint, published)
            for key, touchpoint in touchpoints
            if key.startswith(PREFIX)
        },
        "components": {"schemas": SCHEMAS},
    }


def _path(touchpoint: Touchpoint, published: Published) -> dict[str, Any]:
    name = touchpoint.key.removeprefix(PREFIX)
    read = {"200": _answer("The form and its notice", "Form"), "404": _refused("No such form")}
    body = {
        "type": "object",
        "properties": {"nonce": TEXT, "values": _values(touchpoint, published)},
        "required": ["nonce", "values"],
        "additionalProperties": False,
    }
    return {
        "get": {"operationId": f"read-{name}", "summary": touchpoint.title, "responses": read},
        "post": {
            "operationId": f"send-{name}",
            "summary": f"Send: {touchpoint.title}",
            "description": f"{touchpoint.text} (§ {touchpoint.clause})",
            "requestBody": {"required": True, "content": {JSON: {"schema": body}}},
            "responses": RESPONSES,
        },
    }


def _values(touchpoint: Touchpoint, published: Published) -> dict[str, Any]:
    made = form_class(touchpoint, published.rules).base_fields
    return {
        "type": "object",
        "properties": {name: _schema(field) for name, field in made.items()},
        "required": [name for name, field in made.items() if field.required],
        "additionalProperties": False,
    }


def _schema(field: forms.Field) -> dict[str, Any]:
    kind, title = type_of(field), str(field.label)
    if kind == "boolean":
        return {"type": "boolean", "title": title}
    found: dict[str, Any] = {"type": "string", "title": title}
    if isinstance(field, forms.ChoiceField):
        found["enum"] = [str(key) for key, _ in field.widget.choices]
        return found
    if field.required:
        found["minLength"] = 1
    if limit := getattr(field, "max_length", None):
        found["maxLength"] = limit
    if kind in FORMATS and field.required:  # an optional one may be sent blank
        found["format"] = FORMATS[kind]
    return found


def _answer(what: str, schema: str, content: str = JSON) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": what, "content": {content: {"schema": reference}}}


def _refused(what: str, schema: str = "Problem") -> dict[str, Any]:
    return _answer(what, schema, PROBLEM)


def _object(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {"type": "object", "properties": required | optional, "required": [*required]}


RETRY: Final = {"description": "Seconds until it works again", "schema": {"type": "integer"}}
RESPONSES: Final = {
    "201": _answer("Taken, with a receipt that can be checked offline", "Taken"),
    "202": _answer("A mail asks for a confirmation; nothing is kept without it", "Asked"),
    "400": _refused("No JSON of this form, or a nonce that is forged or too old"),
    "404": _refused("No such form"),
    "409": _refused("The policy changed, or the time is taken: the form as it is now", "Conflict"),
    "413": _refused("Too long"),
    "415": _refused("Not application/json"),
    "422": _refused("Values that are not as they have to be, by name; or a child", "Faults"),
    "429": _refused("Too often") | {"headers": {"Retry-After": RETRY}},
}
PROBLEM_FIELDS: Final = {
    "title": TEXT,
    "status": {"type": "integer"},
    "detail": TEXT,
    "clause": TEXT,
}
STATEMENT: Final = _object({"clause": TEXT, "text": TEXT})
FIELD: Final = _object(
    {
        "name": TEXT,
        "label": TEXT,
        "hint": TEXT,
        "kind": {"enum": ["field", "choice", "age"]},
        "type": {"enum": ["text", "email", "tel", "url", "date", "choice", "boolean"]},
        "required": {"type": "boolean"},
        "clause": TEXT,
    },
    max_length={"type": "integer"},
    options={"type": "array", "items": TEXT},
)
FORM: Final = _object(
    {
        **dict.fromkeys(("form", "title", "version", "clause", "notice", "nonce"), TEXT),
        "informs": {"type": "array", "items": STATEMENT},
        "purposes": {
            "type": "array",
            "items": _object(dict.fromkeys(("key", "label", "clause", "basis"), TEXT)),
        },
        "kept": {"oneOf": [{"type": "null"}, _object({"period": TEXT, "clause": TEXT})]},
        "fields": {"type": "array", "items": FIELD},
    }
)
SCHEMAS: Final = {
    "Form": FORM,
    "Taken": _object(dict.fromkeys(("ref", "version", "clause", "receipt", "page"), TEXT)),
    "Asked": _object({"state": {"const": "asked"}, "days": {"type": "integer"}}),
    "Problem": _object(PROBLEM_FIELDS),
    "Conflict": _object(
        PROBLEM_FIELDS | {"form": {"$ref": "#/components/schemas/Form"}, "sent": {"type": "object"}}
    ),
    "Faults": _object(
        PROBLEM_FIELDS,
        errors={
            "type": "object",
            "additionalProperties": {"type": "array", "items": TEXT},
        },
        nonce=TEXT,
    ),
}
