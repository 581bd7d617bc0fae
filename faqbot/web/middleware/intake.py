"""What every request passes first: an id, a bound on its body, no text that nothing can keep; and how JSON is read."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, Request, g, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest
from werkzeug.routing import IntegerConverter, Map

from faqbot.contract import parse_json
from faqbot.errors import InvalidRequest
from faqbot.language import _
from faqbot.web.bodies.known_fields import LARGEST
from faqbot.web.current import request_id

JSON_BYTES = 1_000_000
"""Largest JSON body."""

UPLOADS = frozenset({"imports.import_upload", "imports.give_rejected", "jobs.submit_import", "checks.compare_file"})
"""Endpoints that take files, up to `web.upload_megabytes`."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._\-]{1,64}")


class NumberInPath(IntegerConverter):
    """A whole number in a path, no larger than a database takes; any other leads nowhere: 404."""

    # Python refuses to read a number of some thousands of digits at all.
    regex = r"\d{1,10}"

    def __init__(self, url_map: Map) -> None:
        """Bound it."""
        super().__init__(url_map, max=LARGEST)


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
        """Parse JSON, as `faqbot.contract.parse_json` does."""
        return parse_json(s, **kwargs)


def register(app: Flask) -> None:
    """Put these steps before everything else that a request passes."""
    app.request_class = FaqbotRequest
    app.url_map.converters["int"] = NumberInPath
    app.json = FaqbotJson(app)
    app.before_request(take_request_id)
    app.before_request(bound_body)
    app.before_request(refuse_nul)


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


def refuse_nul() -> None:
    """Refuse NUL in a path or a query, as in JSON; half a character cannot be spelled there.

    Raises:
        InvalidRequest: There is one.
    """
    texts = (request.path, *request.args.keys(), *(text for found in request.args.listvalues() for text in found))
    if any("\0" in text for text in texts):
        raise InvalidRequest(_("The address holds a NUL character (`%00`); leave it out."))
