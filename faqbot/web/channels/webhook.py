"""The signed webhook: a message that comes twice is answered once, and gets the same reply again."""

from __future__ import annotations

import json
from dataclasses import replace
from time import time

from apiflask import APIBlueprint
from flask import Response, jsonify, request

from faqbot.channels import webhook
from faqbot.channels.signatures import check_signature
from faqbot.contract import to_json
from faqbot.services.admin.deliveries import once
from faqbot.web.channels.signed import secret_of
from faqbot.web.current import origin, request_id, services
from faqbot.web.middleware.connection import caller
from faqbot.web.middleware.limits import count_session

blueprint = APIBlueprint("webhook", __name__, url_prefix="/channels/webhook")


@blueprint.post("")
def message() -> Response:
    """Answer a signed message as `/api/v1/ask` does."""
    check_signature(secret_of("webhook_secret"), *_signature(), request.get_data(), time())
    incoming = webhook.read_message(request.get_json(force=True))
    reply, remembered = once(
        services().deliveries, "webhook", incoming.message_id, request.get_data(), lambda: _reply(incoming)
    )
    return jsonify({**json.loads(reply), "message_id": incoming.message_id, "remembered": remembered})


@blueprint.post("/check")
def check() -> Response:
    """Say whether a signature is right and what it should be made of; no question is asked."""
    secret = secret_of("webhook_secret")
    return jsonify(webhook.signature_report(secret, *_signature(), request.get_data(), time()))


def _signature() -> tuple[str, str]:
    headers = request.headers
    return headers.get(webhook.TIMESTAMP_HEADER, ""), headers.get(webhook.SIGNATURE_HEADER, "")


def _reply(incoming: webhook.WebhookMessage) -> str:
    asked = origin("webhook", incoming.session_id)
    count_session(asked)
    reply = services().answering.ask(
        incoming.question,
        top=incoming.top,
        language=incoming.language,
        filters=incoming.filters,
        origin=asked,
        caller=caller(),
    )
    return json.dumps(to_json(replace(reply, request_id=request_id())), ensure_ascii=False)
