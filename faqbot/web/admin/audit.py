"""Who changed what and when."""

from __future__ import annotations

from apiflask import APIBlueprint

from faqbot.services.values.pages import AuditPage, page_of
from faqbot.web.bodies.audit import AuditQuery
from faqbot.web.current import services
from faqbot.web.shapes.shape import shape

blueprint = APIBlueprint("audit", __name__, url_prefix="/api/v1/audit")


@blueprint.get("")
@blueprint.input(AuditQuery, location="query")
@blueprint.output(shape(AuditPage))
def list_changes(query_data: AuditQuery) -> AuditPage:
    """List changes, the newest first, filtered, page by page."""
    limit = query_data.limit
    found = services().audit.changes(**{**query_data.model_dump(), "limit": limit + 1})
    return AuditPage(*page_of(found, limit))
