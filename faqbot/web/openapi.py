"""What the OpenAPI document says beyond the views: who may call each operation, and the one error body."""

from __future__ import annotations

import re
from typing import Any

from apiflask import APIFlask

from faqbot.web.bodies.known_fields import LARGEST
from faqbot.web.current import settings
from faqbot.web.middleware.access import audience_of
from faqbot.web.shapes.shape import ERROR_SCHEMA

_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}
_ERROR = {
    "description": "Refused or failed; `error.code` says why.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
}
_PARAMETER = re.compile(r"<(?:[^<:>]+:)?([^<>]+)>")


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


def _complete(app: APIFlask, spec: dict[str, Any] | str) -> dict[str, Any]:
    assert isinstance(spec, dict)  # noqa: S101  # text only where the document was configured to be YAML
    spec["components"].setdefault("schemas", {})["Error"] = ERROR_SCHEMA
    for rule in app.url_map.iter_rules():
        operations = spec["paths"].get(_PARAMETER.sub(r"{\1}", rule.rule), {})
        for method in rule.methods or ():
            operation = operations.get(method.lower())
            if operation is not None:
                operation["responses"]["default"] = _ERROR
                operation["security"] = _security(rule.endpoint)
                for parameter in operation.get("parameters", ()):
                    if parameter["in"] == "path" and parameter["schema"].get("type") == "integer":
                        parameter["schema"] |= {"minimum": 0, "maximum": LARGEST}
    return spec


def _security(endpoint: str) -> list[dict[str, list[str]]]:
    audience = audience_of(endpoint)
    if audience in ("open", "signed") or (audience == "ask" and settings().web.ask_open):
        return []
    return [{name: []} for name in _SCHEMES]
