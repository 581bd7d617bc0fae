"""What support agents call."""

from __future__ import annotations

from apiflask import APIBlueprint

from faqbot.services.values.replies import Lookup
from faqbot.web.bodies.asking import LookupBody, LookupQuery
from faqbot.web.current import request_id, services
from faqbot.web.middleware.connection import caller
from faqbot.web.shapes.shape import shape

blueprint = APIBlueprint("agent", __name__, url_prefix="/api/v1")


@blueprint.get("/lookup")
@blueprint.input(LookupQuery, location="query")
@blueprint.output(shape(Lookup))
def lookup(query_data: LookupQuery) -> Lookup:
    """Rank the published entries for a question, with answers and scores."""
    return _ranked(query_data)


@blueprint.post("/lookup")
@blueprint.input(LookupBody)
@blueprint.output(shape(Lookup))
def lookup_text(json_data: LookupBody) -> Lookup:
    """Rank the published entries for a whole text of up to 32,768 characters, which is asked in parts."""
    return _ranked(json_data)


def _ranked(asked: LookupQuery | LookupBody) -> Lookup:
    filters = {"segment": asked.segment} if asked.segment else None
    rows = services().answering.lookup(asked.q, top=asked.top, mode=asked.mode, filters=filters, caller=caller())
    return Lookup(asked.q, tuple(rows), request_id())
