"""What every request passes first: it gets an id, and a bound on its body; and how its JSON is read."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Flask, Request, g, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest

from faqbot.web.current import request_id

JSON_BYTES = 1_000_000
"""Largest JSON body."""

UPLOADS = frozenset({"imports.import_upload", "jobs.submit_import", "checks.compare_file"})
"""Endpoints that take files, up to `web.upload_megabytes`."""

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._\-]{1,64}")


class FaqbotRequest(Request):
    """A request whose unreadable JSON is explained, and whose missing body counts as an empty object."""

    def on_json_loading_failed(self, e: ValueError | None) -> Any:  # noqa: ANN401
        """Called by Werkzeug where the body is no JSON."""
        if not self.get_data():
            return {}
        raise BadRequest(f"The body is not valid JSON: {str(e).rstrip('.')}.")


class FaqbotJson(DefaultJSONProvider):
    """UTF-8 as it is, keys in the order of the contract, and no input that later steps could stumble over."""

    ensure_ascii = False
    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:  # noqa: ANN401
        """Parse JSON.

        Raises:
            ValueError: It is no JSON, nested deeper than the parser can follow, or holds half a character.
        """
        try:
            value = super().loads(s, parse_constant=_refuse_constant, **kwargs)
        except RecursionError:
            raise ValueError("it is nested too deeply") from None
        if _SURROGATE.search(s if isinstance(s, bytes) else s.encode("utf-8", "surrogatepass")):
            _refuse_lone_surrogates(value)
        return value


def register(app: Flask) -> None:
    """Put these steps before everything else that a request passes."""
    app.request_class = FaqbotRequest
    app.json = FaqbotJson(app)
    app.before_request(take_request_id)
    app.before_request(bound_body)


def take_request_id() -> None:
    """Keep the caller's `X-Request-ID` where it is plain and short, else make one."""
    sent = request.headers.get("X-Request-ID", "")
    if _REQUEST_ID.fullmatch(sent):
        g.request_id = sent
    request_id()


def bound_body() -> None:
    """Let only uploads be as large as an upload may be."""
    if request.endpoint not in UPLOADS:
        request.max_content_length = JSON_BYTES


def _refuse_lone_surrogates(value: object) -> None:
    """JSON can spell half of a character that takes two escapes; no tokenizer and no database can take it."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("it holds half a character (a lone surrogate)") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
