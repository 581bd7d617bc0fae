"""The Deep Chat web component, its failures in its own shape."""

from __future__ import annotations

from apiflask import APIBlueprint, HTTPError
from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException

from faqbot.channels import deep_chat
from faqbot.channels.sentences import apology, mendable, text_only
from faqbot.errors import FaqbotError
from faqbot.web.channels.asking import answer, customer_language
from faqbot.web.current import origin
from faqbot.web.middleware.errors import problem_of

blueprint = APIBlueprint("deep_chat", __name__)

_EVENT_STREAM = "text/event-stream"


@blueprint.post("/channels/deep-chat")
def message() -> Response:
    """Answer a message of a Deep Chat widget, as server-sent events where it asks for them."""
    if request.mimetype == "multipart/form-data":
        return _respond(deep_chat.text_message(text_only(customer_language(""))))
    incoming = deep_chat.read_message(request.get_json(force=True))
    try:
        reply = answer(incoming.text, origin("deep-chat", incoming.session_id))
    except FaqbotError as error:
        sentence = apology(error, customer_language(incoming.text))
        if mendable(error):
            return _respond(deep_chat.text_message(sentence))
        return _respond(deep_chat.error_message(sentence), problem_of(error).status)
    if _streams():
        return Response(deep_chat.reply_events(reply), mimetype=_EVENT_STREAM)
    return _respond(deep_chat.reply_message(reply))


@blueprint.errorhandler(Exception)
@blueprint.errorhandler(HTTPException)
@blueprint.errorhandler(HTTPError)
@blueprint.errorhandler(FaqbotError)
def failure(error: Exception) -> Response:
    """Say what the integrator did wrong as Deep Chat shows it."""
    problem = problem_of(error)
    response = _respond(deep_chat.error_message(problem.message), problem.status)
    response.headers.update(problem.headers)
    return response


def _respond(body: deep_chat.Message | deep_chat.Failure, status: int = 200) -> Response:
    if _streams() and status == 200:
        return Response(deep_chat.events(body), mimetype=_EVENT_STREAM)
    response = jsonify(body)
    response.status_code = status
    return response


def _streams() -> bool:
    return _EVENT_STREAM in request.headers.get("Accept", "")
