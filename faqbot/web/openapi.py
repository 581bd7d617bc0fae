"""What the OpenAPI document says beyond the views: who may call each operation, how it refuses, what channels send."""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from typing import Any

from apiflask import APIFlask
from flask import Response
from werkzeug.routing import Rule

from faqbot.contract import read_schema_of, schema_of
from faqbot.web.bodies.known_fields import LARGEST
from faqbot.web.current import settings
from faqbot.web.middleware.access import audience_of
from faqbot.web.shapes.doors import DOORS, EVENTS, FAILURES, JSON, Door
from faqbot.web.shapes.shape import ERROR_SCHEMA

_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}
_ENDPOINT = "openapi.spec"
_SCHEMAS = "#/components/schemas/"
_PARAMETER = re.compile(r"<(?:[^<:>]+:)?([^<>]+)>")

# Statuses of refusals that the rules below do not give.
_FURTHER = {
    "chat.ask": {HTTPStatus.UNAUTHORIZED},
    "feedback.give_feedback": {HTTPStatus.NOT_FOUND},
    "thresholds.show_thresholds": {HTTPStatus.NOT_FOUND},
    "versions.diff_versions": {HTTPStatus.NOT_FOUND},
    "imports.export": {HTTPStatus.UNSUPPORTED_MEDIA_TYPE},
    "webhook.message": {HTTPStatus.CONFLICT},
}


def register(app: APIFlask) -> None:
    """Configure the document at `/openapi.json`; it names no other host and needs no page to read it."""
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION="Ask, look up, compare; curate, publish and take back.",
        SECURITY_SCHEMES=_SCHEMES,
        AUTO_SERVERS=False,
        AUTO_OPERATION_ID=True,
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
    )
    app.spec_processor(lambda spec: _complete(app, spec))
    render = app.view_functions[_ENDPOINT]

    @cache
    def document() -> bytes:
        return app.make_response(render()).get_data()

    # It is the same each time, and anybody may ask for it; making it takes as long as ten answers.
    app.view_functions[_ENDPOINT] = lambda: Response(document(), mimetype="application/json")


def _complete(app: APIFlask, spec: dict[str, Any] | str) -> dict[str, Any]:
    assert isinstance(spec, dict)  # noqa: S101  # text only where the document was configured to be YAML
    schemas = spec["components"].setdefault("schemas", {})
    schemas["Error"] = ERROR_SCHEMA
    for rule in app.url_map.iter_rules():
        operations = spec["paths"].get(_PARAMETER.sub(r"{\1}", rule.rule), {})
        for method in rule.methods or ():
            operation = operations.get(method.lower())
            if operation is not None:
                if rule.endpoint in DOORS:
                    _describe(operation, DOORS[rule.endpoint], _prefix(rule), schemas)
                operation["security"] = _security(rule.endpoint)
                for parameter in operation.get("parameters", ()):
                    if parameter["in"] == "path" and parameter["schema"].get("type") == "integer":
                        parameter["schema"] |= {"minimum": 0, "maximum": LARGEST}
                failure = _failure(rule, schemas)
                for status in sorted(_refusals(rule, method, operation)):
                    operation["responses"].setdefault(str(int(status)), failure | {"description": f"{status.phrase}."})
    return spec


def _security(endpoint: str) -> list[dict[str, list[str]]]:
    audience = audience_of(endpoint)
    if audience in ("open", "signed") or (audience == "ask" and settings().web.ask_open):
        return []
    return [{name: []} for name in _SCHEMES]


def _refusals(rule: Rule, method: str, operation: dict[str, Any]) -> set[HTTPStatus]:
    """With which statuses an operation can refuse or fail."""
    audience = audience_of(rule.endpoint)
    statuses = {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE}
    if operation["security"]:
        statuses |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    if audience == "signed":
        statuses |= {HTTPStatus.UNAUTHORIZED}
    if audience != "open":
        statuses |= {HTTPStatus.TOO_MANY_REQUESTS}
    if method in ("POST", "PUT", "PATCH"):
        statuses |= {
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        }
    if rule.arguments or rule.endpoint in DOORS:
        statuses |= {HTTPStatus.NOT_FOUND}
    if method != "GET" and audience == "admin":
        statuses |= {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT}
    return statuses | _FURTHER.get(rule.endpoint, set())


def _failure(rule: Rule, schemas: dict[str, Any]) -> dict[str, Any]:
    kind = FAILURES.get(rule.endpoint) or FAILURES.get(rule.endpoint.partition(".")[0])
    schema = _named(schema_of, kind, _prefix(rule), schemas) if kind else {"$ref": f"{_SCHEMAS}Error"}
    return {"content": {JSON: {"schema": schema}}}


def _describe(operation: dict[str, Any], door: Door, prefix: str, schemas: dict[str, Any]) -> None:
    if door.reads:
        content = {
            media: {"schema": _named(read_schema_of, kind, prefix, schemas)} for media, kind in door.reads.items()
        }
        operation["requestBody"] = {"content": content}
    for status, replies in door.replies.items():
        # Events have no schema in OpenAPI 3.1: it would be one of the whole stream.
        described: dict[str, Any] = {
            media: {} if media == EVENTS else {"schema": _named(schema_of, kind, prefix, schemas)}
            for media, kind in replies.items()
        }
        response = operation["responses"].setdefault(str(status), {"description": f"{HTTPStatus(status).phrase}."})
        response["content"] = described


def _named(schema_for: Any, kind: Any, prefix: str, schemas: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    """The schema of a kind; what it is made of is put under names of its own."""
    if kind is None:
        return {"type": "string"}
    found: dict[str, Any] = schema_for(kind, f"{_SCHEMAS}{prefix}{{model}}")
    schemas.update({f"{prefix}{name}": part for name, part in found.pop("$defs", {}).items()})
    if "title" not in found:
        return found
    schemas[f"{prefix}{found['title']}"] = found
    return {"$ref": f"{_SCHEMAS}{prefix}{found['title']}"}


def _prefix(rule: Rule) -> str:
    return "".join(word.title() for word in re.split(r"[._]", rule.endpoint)) + "."
