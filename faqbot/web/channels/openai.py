"""Programs that speak to OpenAI's API speak to the bot, and to the encoder behind it."""

from __future__ import annotations

from time import time

from apiflask import APIBlueprint, HTTPError
from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException

from faqbot.channels import openai
from faqbot.channels.reply_records import reply_record
from faqbot.errors import FaqbotError
from faqbot.web.channels.asking import answer
from faqbot.web.current import origin, request_id, services
from faqbot.web.middleware.connection import caller
from faqbot.web.middleware.errors import problem_of

blueprint = APIBlueprint("openai", __name__, url_prefix="/v1")


@blueprint.post("/chat/completions")
def chat_completions() -> Response:
    """Answer the last user message as OpenAI's API does, as server-sent events where `stream` is on."""
    asked = openai.read_chat(request.get_json(force=True))
    reply = answer(asked.question, origin("openai", asked.user))
    record, created = reply_record(reply, request_id()), int(time())
    if asked.stream:
        with_usage = bool(asked.stream_options and asked.stream_options.include_usage)
        events = openai.completion_events(reply, record, request_id(), created, with_usage=with_usage)
        return Response(events, mimetype="text/event-stream")
    return jsonify(openai.completion_json(reply, record, request_id(), created))


@blueprint.post("/embeddings")
def embeddings() -> Response:
    """Give the dense vectors of texts, from the model that answers, as OpenAI's API does."""
    info = services().encoder_info()
    asked = openai.read_embedding(request.get_json(force=True), info.model, info.dimension)
    vectors, tokens = services().answering.embed(asked.texts, caller=caller())
    return jsonify(openai.embeddings_json(vectors, tokens, asked))


@blueprint.get("/models")
def models() -> Response:
    """List the model that chats and the one that encodes."""
    return jsonify(openai.models_json(_models()))


@blueprint.get("/models/<path:name>")
def model(name: str) -> Response:
    """Describe one model of that list."""
    openai.check_model(name, _models())
    return jsonify(openai.model_json(name))


@blueprint.errorhandler(Exception)
@blueprint.errorhandler(HTTPException)
@blueprint.errorhandler(HTTPError)
@blueprint.errorhandler(FaqbotError)
def failure(error: Exception) -> Response:
    """A failure as OpenAI's clients know it; what we call 422 is 400 there."""
    problem = problem_of(error)
    status = 400 if problem.status == 422 else problem.status
    parameter = str(problem.details[0]) if isinstance(error, FaqbotError) and problem.details else ""
    response = jsonify(openai.error_json(status, problem.message, problem.code, parameter))
    response.status_code = status
    response.headers.update(problem.headers)
    return response


def _models() -> tuple[str, str]:
    return openai.CHAT_MODEL, services().encoder_info().model
