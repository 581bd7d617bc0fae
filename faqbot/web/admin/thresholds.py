"""The thresholds that customers meet, what moved them, and taking back what traffic did."""

from __future__ import annotations

from apiflask import APIBlueprint

from faqbot.services.values.thresholds import ThresholdReport
from faqbot.web.bodies.versions import ThresholdQuery
from faqbot.web.current import services
from faqbot.web.shapes.shape import shape

blueprint = APIBlueprint("thresholds", __name__, url_prefix="/api/v1/thresholds")


@blueprint.get("")
@blueprint.input(ThresholdQuery, location="query")
@blueprint.output(shape(ThresholdReport))
def show_thresholds(query_data: ThresholdQuery) -> ThresholdReport:
    """Give the thresholds of a version, those before it, what moved them, and what traffic did since."""
    return services().publishing.thresholds(query_data.version)


@blueprint.delete("/traffic")
@blueprint.output({}, status_code=204)
def reset_traffic() -> str:
    """Answer as the current version was learned, in every process, and watch traffic anew."""
    services().traffic.reset()
    services().published.refresh()
    return ""
