"""Who changed what and when."""

from __future__ import annotations

from dataclasses import asdict

from apiflask import APIBlueprint

from faqbot.channels.contract import Json
from faqbot.web.bodies.audit import AuditQuery
from faqbot.web.current import services
from faqbot.web.shapes.audit import AuditPage

blueprint = APIBlueprint("audit", __name__, url_prefix="/api/v1/audit")


@blueprint.get("")
@blueprint.input(AuditQuery, location="query")
@blueprint.output(AuditPage)
def list_changes(query_data: AuditQuery) -> Json:
    """List changes, the newest first, filtered, page by page."""
    limit = query_data.limit
    # One more than is shown tells whether there is a next page.
    found = services().audit.changes(**{**query_data.model_dump(), "limit": limit + 1})
    shown = found[:limit]
    return {
        "changes": [asdict(change) for change in shown],
        "next": shown[-1].number if len(found) > limit else None,
    }
