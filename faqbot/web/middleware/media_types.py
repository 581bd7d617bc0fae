"""Which media types routes read."""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask, request

from faqbot.errors import UnsupportedMediaType
from faqbot.language import _
from faqbot.web.middleware.intake import UPLOADS


def register(app: Flask, left_alone: Collection[str]) -> None:
    """Check every body that was let in.

    Args:
        app: The application.
        left_alone: Blueprints whose clients send what they like and get an answer in their own shape: the channels.
    """
    app.before_request(lambda: check_media_type(left_alone))


def check_media_type(left_alone: Collection[str]) -> None:
    """Refuse bodies of another type than the route reads.

    Raises:
        UnsupportedMediaType: The sentence names the type that is needed.
    """
    if request.method not in ("POST", "PUT", "PATCH") or request.endpoint is None or request.blueprint in left_alone:
        return
    if request.endpoint in UPLOADS:
        if request.mimetype != "multipart/form-data":
            raise UnsupportedMediaType(_("Send the file as multipart/form-data, in a field named `file`."))
    elif not request.is_json and (request.content_length or request.mimetype):
        raise UnsupportedMediaType(_("Send the body as JSON, with `Content-Type: application/json`."))
