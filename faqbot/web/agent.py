"""What support agents call."""

from __future__ import annotations

from apiflask import APIBlueprint

from faqbot.channels.contract import Json, lookup_json
from faqbot.web.bodies.asking import LookupQuery
from faqbot.web.current import request_id, services
from faqbot.web.shapes.asking import LookupReply

blueprint = APIBlueprint("agent", __name__, url_prefix="/api/v1")


@blueprint.get("/lookup")
@blueprint.input(LookupQuery, location="query")
@blueprint.output(LookupReply)
def lookup(query_data: LookupQuery) -> Json:
    """Rank the published entries for a question, with answers and scores."""
    filters = {"segment": query_data.segment} if query_data.segment else None
    rows = services().answering.lookup(query_data.q, top=query_data.top, mode=query_data.mode, filters=filters)
    return lookup_json(query_data.q, rows, request_id())
