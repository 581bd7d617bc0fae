"""What is refused before the application sees it, with the one error body."""

from __future__ import annotations

import json
import logging
import math
from dataclasses import dataclass
from time import monotonic
from uuid import uuid4

from gunicorn.http.errors import (
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    UnsupportedTransferCoding,
)

_log = logging.getLogger(__name__)

_LOG_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request goes no further.

    Attributes:
        status: Status code and its name, as in `408 Request Timeout`.
        code: Stable name; see `faqbot.errors`.
        message: One sentence that says what to change.
        retry_after: In so many seconds the same request may succeed; 0: not by waiting.
    """

    status: str
    code: str
    message: str
    retry_after: int = 0

    def reply(self) -> bytes:
        """The whole reply, after which the connection is closed."""
        error = {"code": self.code, "message": self.message, "details": []}
        body = json.dumps({"error": error, "request_id": uuid4().hex}).encode()
        retry = f"Retry-After: {self.retry_after}\r\n" if self.retry_after else ""
        head = (
            f"HTTP/1.1 {self.status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{retry}"
            "Connection: close\r\n\r\n"
        )
        return head.encode() + body


class RefusalLog:
    """Logs refusals, a flood of them by a line in a second. Only the loop's thread uses it."""

    def __init__(self) -> None:
        """Start with none."""
        self._logged, self._silent = -math.inf, 0

    def log(self, refusal: Refusal) -> None:
        """Log one, or count it."""
        now = monotonic()
        if now - self._logged < _LOG_SECONDS:
            self._silent += 1
            return
        # Without an address: none is written anywhere (docs/privacy.md).
        more = f" ({self._silent} more since the last such line)" if self._silent else ""
        _log.warning("Refused before it was read: %s%s", refusal.message, more)
        self._logged, self._silent = now, 0


class Refused(Exception):
    """A request goes no further."""

    def __init__(self, refusal: Refusal) -> None:
        """Say why."""
        super().__init__(refusal.message)
        self.refusal = refusal


MALFORMED = Refusal("400 Bad Request", "invalid_request", "The request's first lines are not as HTTP wants them.")
MALFORMED_BODY = Refusal(
    "400 Bad Request", "invalid_request", "The body's chunks are not as HTTP wants them, or far too small."
)
TOO_SLOW = Refusal("408 Request Timeout", "invalid_request", "The request did not arrive in time; send it faster.")
TOO_LARGE = Refusal("413 Content Too Large", "too_large", "The body is larger than what is accepted here.")
LONG_ADDRESS = Refusal("414 URI Too Long", "invalid_request", "The address is too long.")
LONG_HEAD = Refusal("431 Request Header Fields Too Large", "invalid_request", "The headers are too long or too many.")
UNEXPECTED = Refusal("417 Expectation Failed", "invalid_request", "`Expect` can only be `100-continue`.")
UNKNOWN_CODING = Refusal("501 Not Implemented", "invalid_request", "`Transfer-Encoding` can only be `chunked`.")
TOO_MANY = Refusal(
    "429 Too Many Requests", "too_many_requests", "Too many connections from this address; close some first.", 5
)
OVERLOADED = Refusal("503 Service Unavailable", "overloaded", "Too many requests at once; try again later.", 5)

_PARSING: dict[type[Exception], Refusal] = {
    LimitRequestLine: LONG_ADDRESS,
    LimitRequestHeaders: LONG_HEAD,
    ExpectationFailed: UNEXPECTED,
    UnsupportedTransferCoding: UNKNOWN_CODING,
}


def refusal_of(error: Exception) -> Refusal:
    """Why gunicorn's parser gave up."""
    return _PARSING.get(type(error), MALFORMED)
