"""Which media types routes read."""

from __future__ import annotations

from flask import Flask, request

from faqbot.errors import UnsupportedMediaType
from faqbot.web.channels import NAMES
from faqbot.web.intake import UPLOADS


def register(app: Flask) -> None:
    """Check every body that was let in."""
    app.before_request(check_media_type)


def check_media_type() -> None:
    """Refuse bodies of another type than the route reads.

    Channels are left to themselves: their clients send what they like and get an answer in their own shape.

    Raises:
        UnsupportedMediaType: The sentence names the type that is needed.
    """
    if request.method not in ("POST", "PUT", "PATCH") or request.endpoint is None or request.blueprint in NAMES:
        return
    if request.endpoint in UPLOADS:
        if request.mimetype != "multipart/form-data":
            raise UnsupportedMediaType("Send the file as multipart/form-data, in a field named `file`.")
    elif not request.is_json and (request.content_length or request.mimetype):
        raise UnsupportedMediaType("Send the body as JSON, with `Content-Type: application/json`.")
