"""Rasa's REST channel: any widget or tester that speaks to Rasa's speaks to us."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, jsonify, request

from faqbot.channels import rasa
from faqbot.channels.sentences import apology
from faqbot.errors import FaqbotError
from faqbot.web.channels.asking import answer, customer_language
from faqbot.web.current import origin
from faqbot.web.middleware.errors import problem_of

blueprint = APIBlueprint("rasa", __name__, url_prefix="/webhooks/rest")


@blueprint.get("/")
def status() -> dict[str, str]:
    """Say that Rasa's REST channel is there."""
    return {"status": "ok"}


@blueprint.post("/webhook")
def webhook() -> Response:
    """Answer a message of a Rasa REST client with an array of messages, or line by line with `?stream=true`."""
    incoming = rasa.read_message(request.get_json(force=True))
    try:
        reply = answer(incoming.text, origin("rasa", incoming.session_id))
        messages = rasa.reply_messages(reply, incoming.sender)
    except FaqbotError as error:
        # Rasa too answers 200 whatever happened: its clients show nothing for any other status.
        problem_of(error)
        messages = rasa.text_messages(apology(error, customer_language(incoming.text)), incoming.sender)
    if request.args.get("stream", "").lower() in ("true", "1"):
        return Response(rasa.stream_lines(messages), mimetype="text/event-stream")
    return jsonify(messages)
