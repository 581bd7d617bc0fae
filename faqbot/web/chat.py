"""What customers call: the question door, and the comparison of two texts."""

from __future__ import annotations

from apiflask import APIBlueprint

from faqbot.channels.contract import Json, reply_json, similarity_json
from faqbot.web.bodies.asking import AskBody, SimilarityBody
from faqbot.web.current import origin, request_id, services
from faqbot.web.middleware.connection import caller
from faqbot.web.middleware.limits import count_session
from faqbot.web.shapes.asking import AskReply, SimilarityReply

blueprint = APIBlueprint("chat", __name__, url_prefix="/api/v1")


@blueprint.post("/ask")
@blueprint.input(AskBody)
@blueprint.output(AskReply)
def ask(json_data: AskBody) -> Json:
    """Answer a question, suggest entries, or say that there is no answer."""
    asked = origin("api", json_data.session_id)
    count_session(asked)
    reply = services().answering.ask(
        json_data.question,
        mode=json_data.mode,
        top=json_data.top,
        language=json_data.language,
        filters=json_data.filters,
        explained=json_data.explain,
        origin=asked,
        caller=caller(),
    )
    return reply_json(reply, request_id())


@blueprint.post("/similarity")
@blueprint.input(SimilarityBody)
@blueprint.output(SimilarityReply)
def similarity(json_data: SimilarityBody) -> Json:
    """Compare two texts in every mode."""
    found = services().answering.similarity(json_data.a, json_data.b, caller=caller())
    return similarity_json(found, services().encoder_info().model)
