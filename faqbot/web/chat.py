"""What customers call: the question door, and the comparison of two texts."""

from __future__ import annotations

from dataclasses import replace

from apiflask import APIBlueprint

from faqbot.services.values.replies import Reply, Similarity
from faqbot.web.bodies.asking import AskBody, SimilarityBody
from faqbot.web.current import origin, request_id, services
from faqbot.web.middleware.access import has_key_of
from faqbot.web.middleware.connection import caller
from faqbot.web.middleware.limits import count_session
from faqbot.web.segments import permitted
from faqbot.web.shapes.shape import shape

blueprint = APIBlueprint("chat", __name__, url_prefix="/api/v1")


@blueprint.post("/ask")
@blueprint.input(AskBody)
@blueprint.output(shape(Reply))
def ask(json_data: AskBody) -> Reply:
    """Answer a question, suggest entries, or say that there is no answer."""
    is_staff = has_key_of("agent")
    filters, explained = permitted(
        json_data.filters, json_data.segment_token, explain=json_data.explain, is_staff=is_staff
    )
    asked = replace(origin("api", json_data.session_id), names_excluded=is_staff)
    count_session(asked)
    reply = services().answering.ask(
        json_data.question,
        mode=json_data.mode,
        top=json_data.top,
        language=json_data.language,
        filters=filters or None,
        explained=explained,
        origin=asked,
        caller=caller(),
    )
    return replace(reply, request_id=request_id())


@blueprint.post("/similarity")
@blueprint.input(SimilarityBody)
@blueprint.output(shape(Similarity))
def similarity(json_data: SimilarityBody) -> Similarity:
    """Compare two texts in every mode."""
    return services().answering.similarity(json_data.a, json_data.b, caller=caller())
