"""The doors of chat widgets, each in its own protocol, its failures included."""

from __future__ import annotations

from apiflask import APIBlueprint, HTTPError
from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException

from faqbot.channels import deep_chat, rasa
from faqbot.channels.sentences import apology, mendable, text_only
from faqbot.errors import FaqbotError, QuestionEmpty
from faqbot.services.messages import MessageLanguage, language_of, message_language
from faqbot.services.replies import Reply
from faqbot.web.current import origin, services, settings
from faqbot.web.errors import problem_of

blueprint = APIBlueprint("channels", __name__)

_EVENT_STREAM = "text/event-stream"
_RASA = "/webhooks/rest/"
_DEEP_CHAT = "/channels/deep-chat"


@blueprint.get(_RASA)
def rasa_status() -> dict[str, str]:
    """Say that the Rasa REST channel is there."""
    return {"status": "ok"}


@blueprint.post(f"{_RASA}webhook")
def rasa_webhook() -> Response:
    """Answer a message of a Rasa REST client with an array of messages; `?stream=true`: one per line."""
    incoming = rasa.read_message(request.get_json(force=True))
    try:
        messages = rasa.reply_messages(_answer(incoming.text, "rasa", incoming.sender), incoming.sender)
    except FaqbotError as error:
        # Rasa too answers 200 whatever happened: its clients show nothing for any other status.
        problem_of(error)
        messages = rasa.text_messages(apology(error, _language(incoming.text)), incoming.sender)
    if request.args.get("stream", "").lower() in ("true", "1"):
        return Response(rasa.stream_lines(messages), mimetype=_EVENT_STREAM)
    return jsonify(messages)


@blueprint.post(_DEEP_CHAT)
def deep_chat_message() -> Response:
    """Answer a message of a Deep Chat widget; as server-sent events where it asks for them."""
    if request.mimetype == "multipart/form-data":
        return _deep_chat(deep_chat.text_message(text_only(_language(""))))
    text = deep_chat.read_text(request.get_json(force=True))
    try:
        reply = _answer(text, "deep-chat")
    except FaqbotError as error:
        sentence = apology(error, _language(text))
        if mendable(error):
            return _deep_chat(deep_chat.text_message(sentence))
        return _deep_chat(deep_chat.error_message(sentence), problem_of(error).status)
    if _streams():
        return Response(deep_chat.reply_events(reply), mimetype=_EVENT_STREAM)
    return _deep_chat(deep_chat.reply_message(reply))


@blueprint.errorhandler(Exception)
@blueprint.errorhandler(HTTPException)
@blueprint.errorhandler(HTTPError)
@blueprint.errorhandler(FaqbotError)
def channel_error(error: Exception) -> Response:
    """What the integrator did wrong: Deep Chat's own error shape, else the one error body."""
    problem = problem_of(error)
    if request.path == _DEEP_CHAT:
        response = _deep_chat(deep_chat.error_message(problem.message), problem.status)
        response.headers.update(problem.headers)
        return response
    return problem.response()


def _answer(text: str, channel: str, sender: str = "") -> Reply:
    # Before the services are asked for: an empty message deserves its own sentence even while they are starting.
    if not text.strip():
        raise QuestionEmpty("The message is empty.")
    return services().answering.ask(text, origin=origin(channel, sender))


def _language(text: str) -> MessageLanguage:
    default = settings().web.language
    if text.strip():
        return message_language(language_of(text, default), default)
    accepted = request.accept_languages.best_match(["zh", "en"])
    return message_language(accepted or "", default)


def _deep_chat(message: deep_chat.Message, status: int = 200) -> Response:
    if _streams() and status == 200:
        return Response(deep_chat.events(message), mimetype=_EVENT_STREAM)
    response = jsonify(message)
    response.status_code = status
    return response


def _streams() -> bool:
    return _EVENT_STREAM in request.headers.get("Accept", "")
