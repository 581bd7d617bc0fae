"""What support agents call."""

from __future__ import annotations

from apiflask import APIBlueprint

from faqbot.channels.contract import Json, lookup_json
from faqbot.web.bodies.asking import LookupBody, LookupQuery
from faqbot.web.current import request_id, services
from faqbot.web.middleware.connection import caller
from faqbot.web.shapes.asking import LookupReply

blueprint = APIBlueprint("agent", __name__, url_prefix="/api/v1")


@blueprint.get("/lookup")
@blueprint.input(LookupQuery, location="query")
@blueprint.output(LookupReply)
def lookup(query_data: LookupQuery) -> Json:
    """Rank the published entries for a question, with answers and scores."""
    return _ranked(query_data)


@blueprint.post("/lookup")
@blueprint.input(LookupBody)
@blueprint.output(LookupReply)
def lookup_text(json_data: LookupBody) -> Json:
    """Rank the published entries for a whole text of up to 32,768 characters, which is asked in parts."""
    return _ranked(json_data)


def _ranked(asked: LookupQuery | LookupBody) -> Json:
    filters = {"segment": asked.segment} if asked.segment else None
    rows = services().answering.lookup(asked.q, top=asked.top, mode=asked.mode, filters=filters, caller=caller())
    return lookup_json(asked.q, rows, request_id())
