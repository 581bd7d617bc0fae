"""What the caller of a request can mend."""

from __future__ import annotations

from collections.abc import Sequence

from faqbot.errors.root import FaqbotError


class RequestError(FaqbotError):
    """The request cannot be served as it is; the caller can mend it."""

    code = "invalid_request"


class InvalidRequest(RequestError):
    """The body or a parameter has the wrong form."""

    code = "invalid_request"


class QuestionEmpty(RequestError):
    """The question has no text that could be matched."""

    code = "question_empty"


class QuestionTooLong(RequestError):
    """The question is longer than the limit."""

    code = "question_too_long"


class UnknownMode(RequestError):
    """The mode is none of dense, sparse, colbert, hybrid."""

    code = "unknown_mode"


class UnknownModel(RequestError):
    """The request names another model than the one that answers."""

    code = "unknown_model"


class Unauthorised(RequestError):
    """No key, or one that is not known."""

    code = "unauthorised"


class KeyExpired(Unauthorised):
    """The key's end is past."""

    code = "key_expired"


class KeyNotFound(RequestError):
    """There is no key of this number, or it is revoked."""

    code = "key_not_found"


class Forbidden(RequestError):
    """The key is known, its role does not allow this."""

    code = "forbidden"


class TooLarge(RequestError):
    """The request's body exceeds the limit."""

    code = "too_large"


class UnsupportedMediaType(RequestError):
    """The body is not of the media type that the route takes."""

    code = "unsupported_media_type"


class TooManyRequests(RequestError):
    """A limit is reached; the same request works again after a while.

    Attributes:
        retry_after: After so many seconds.
    """

    code = "too_many_requests"

    def __init__(self, message: str, details: Sequence[object] = (), *, retry_after: int = 5) -> None:
        """Keep the sentence, its details and the seconds."""
        super().__init__(message, details)
        self.retry_after = retry_after


class DeliveryConflict(RequestError):
    """A message id came before with other content, or is being answered right now."""

    code = "delivery_conflict"


class BadSignature(RequestError):
    """A webhook is not signed, wrongly signed, or was signed too long ago."""

    code = "bad_signature"


class ChannelOff(RequestError):
    """The channel is switched off, or the secret that it needs is not set."""

    code = "channel_off"
