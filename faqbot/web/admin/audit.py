"""Who changed what and when."""

from __future__ import annotations

from apiflask import APIBlueprint

from faqbot.services.values.pages import AuditPage, page_of
from faqbot.storage import AuditVerification
from faqbot.web.bodies.audit import AuditQuery, VerificationQuery
from faqbot.web.current import services
from faqbot.web.shapes.shape import shape

blueprint = APIBlueprint("audit", __name__, url_prefix="/api/v1/audit")


@blueprint.get("/verification")
@blueprint.input(VerificationQuery, location="query")
@blueprint.output(shape(AuditVerification))
def verify_log(query_data: VerificationQuery) -> AuditVerification:
    """Check that no line of the audit log was changed, put in or taken out, and name the first."""
    return services().audit.verify(query_data.head)


@blueprint.get("")
@blueprint.input(AuditQuery, location="query")
@blueprint.output(shape(AuditPage))
def list_changes(query_data: AuditQuery) -> AuditPage:
    """List changes, the newest first, filtered, page by page."""
    limit = query_data.limit
    found = services().audit.changes(**{**query_data.model_dump(), "limit": limit + 1})
    return AuditPage(*page_of(found, limit))
