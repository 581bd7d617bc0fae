"""Every failure to one status and one body: `{"error": {"code", "message", "details"}, "request_id"}`."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from apiflask import HTTPError
from flask import Flask, Response, jsonify, request
from gunicorn.http.errors import NoMoreData, ParseException
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import HTTPException

from faqbot import errors
from faqbot.web.bodies.known_fields import UNCLEAR, UNKNOWN_FIELD
from faqbot.web.current import request_id

_log = logging.getLogger(__name__)

# The nearest class in an error's ancestry decides; what is not named here is a fault of ours, 500.
STATUS: dict[type[errors.FaqbotError], int] = {
    errors.RequestError: 422,
    errors.Unauthorised: 401,
    errors.KeyNotFound: 404,
    errors.Forbidden: 403,
    errors.TooLarge: 413,
    errors.UnsupportedMediaType: 415,
    errors.ChannelOff: 404,
    errors.TooManyRequests: 429,
    errors.VendorFailed: 502,
    errors.BadSignature: 401,
    errors.DeliveryConflict: 409,
    errors.UnknownModel: 404,
    errors.KnowledgeError: 422,
    errors.EntryNotFound: 404,
    errors.FeedbackNotFound: 404,
    errors.VersionNotFound: 404,
    errors.QuestionTestNotFound: 404,
    errors.JobNotFound: 404,
    errors.EntryExists: 409,
    errors.EditConflict: 409,
    errors.FileError: 422,
    errors.ConfirmationNeeded: 409,
    errors.FileTooLarge: 413,
    errors.UnsupportedFileType: 415,
    errors.StorageError: 503,
    errors.DatabaseNotEmpty: 409,
    errors.ModelError: 503,
    errors.EncodingFailed: 500,
    errors.NotReady: 503,
    errors.Overloaded: 503,
    # As in nginx's log; the standard has no status for a reply that nobody reads.
    errors.ClientGone: 499,
}

# Failures that pass by themselves, so that a client may simply try again after so many seconds.
_PASSING = (errors.NotReady, errors.Overloaded, errors.DatabaseUnavailable)
_RETRY_AFTER = "5"

# Codes for what Flask and Werkzeug refuse before a view runs.
HTTP_CODES = {
    401: "unauthorised",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    500: "internal_error",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A failure as it is told to the caller.

    Attributes:
        status: HTTP status.
        code: Stable name; see `faqbot.errors`.
        message: One sentence that says what to change.
        details: JSON values; may be empty.
        headers: Further response headers.
    """

    status: int
    code: str
    message: str
    details: list[object] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """The one error body."""
        error = {"code": self.code, "message": self.message, "details": self.details}
        response = jsonify({"error": error, "request_id": request_id()})
        response.status_code = self.status
        response.headers.update(self.headers)
        return response


def register(app: Flask) -> None:
    """Answer every failure of the application with `problem_of` it."""
    for family in (Exception, HTTPException, HTTPError, errors.FaqbotError):
        app.register_error_handler(family, lambda error: problem_of(error).response())


def problem_of(error: Exception) -> Problem:
    """Translate a failure; what nobody foresaw is logged with the request's id, and its text stays here."""
    if isinstance(error, errors.FaqbotError):
        return _refusal(error)
    if isinstance(error, HTTPError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        return _http_problem(error)
    if isinstance(error, ParseException | NoMoreData):
        return Problem(400, "invalid_request", "The body's chunks are not as HTTP wants them, or it ends too early.")
    _log.error("Request %s %s %s failed", request_id(), request.method, request.path, exc_info=error)
    return Problem(500, "internal_error", "Something went wrong here; the log has it under this request id.")


def _refusal(error: errors.FaqbotError) -> Problem:
    status = next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 500)
    headers = {"Retry-After": _RETRY_AFTER} if isinstance(error, _PASSING) else {}
    if isinstance(error, errors.TooManyRequests):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, errors.Unauthorised):
        headers["WWW-Authenticate"] = 'Bearer realm="faqbot"'
    if status >= 500:
        _log.warning("Request %s %s %s: %s", request_id(), request.method, request.path, error)
    return Problem(status, error.code, str(error), error.details, headers)


def _invalid(error: HTTPError) -> Problem:
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return Problem(error.status_code, HTTP_CODES.get(error.status_code, "invalid_request"), str(error.message))
    faults = [_fault(part) for part in cause.errors(include_url=False)]
    return Problem(error.status_code, "invalid_request", faults[0]["message"], list(faults))


def _fault(found: ErrorDetails) -> dict[str, str]:
    name, text = ".".join(str(part) for part in found["loc"]), found["msg"].rstrip(".")
    if found["type"] == "missing":
        return {"field": name, "message": f"`{name}` is missing."}
    if found["type"] == UNKNOWN_FIELD:
        return {"field": found["ctx"]["name"], "message": f"{text}."}
    if found["type"] == UNCLEAR:
        return {"field": name, "message": f"{text}."}
    if not name:
        return {"field": "", "message": "The body must be a JSON object."}
    return {"field": name, "message": f"`{name}`: {text[0].lower()}{text[1:]}."}


def _http_problem(error: HTTPException) -> Problem:
    status = error.code or 500
    code = HTTP_CODES.get(status, "invalid_request" if status < 500 else "internal_error")
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return Problem(status, code, _sentence(error, status, headers.get("Allow", "")), [], headers)


def _sentence(error: HTTPException, status: int, allow: str) -> str:
    if status == 404:
        return f"There is nothing at {request.path}."
    if status == 405:
        return f"{request.path} does not take {request.method}; it takes {allow}."
    if status == 413:
        limit = request.max_content_length or 0
        return f"The body is larger than the {limit / 1_000_000:g} MB that are accepted here."
    return error.description or f"{error.name}."
