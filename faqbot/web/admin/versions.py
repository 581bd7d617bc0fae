"""Publish the draft, list what was published, take a publication back."""

from __future__ import annotations

from apiflask import APIBlueprint

from faqbot.services.checks.findings import CheckReport, Override
from faqbot.services.publishing.version_diff import VersionDifference, compare_versions
from faqbot.services.values.replies import VersionInfo, VersionList
from faqbot.web.bodies.versions import DiffQuery, PublishBody, RollbackBody
from faqbot.web.current import services
from faqbot.web.shapes.shape import shape

blueprint = APIBlueprint("versions", __name__, url_prefix="/api/v1/versions")


@blueprint.get("")
@blueprint.output(shape(VersionList))
def list_versions() -> VersionList:
    """List the published versions, newest first."""
    return VersionList(tuple(services().publishing.versions()))


@blueprint.post("")
@blueprint.input(PublishBody)
@blueprint.output(shape(VersionInfo), status_code=201)
def publish(json_data: PublishBody) -> VersionInfo:
    """Check the draft, make a version of it and let customers have it; encodes what is new, which may take long."""
    version = services().publishing.publish(
        json_data.note, overrides=[Override(one.code, one.note) for one in json_data.overrides]
    )
    services().published.refresh()
    return version


@blueprint.get("/diff")
@blueprint.input(DiffQuery, location="query")
@blueprint.output(shape(VersionDifference))
def diff_versions(query_data: DiffQuery) -> VersionDifference:
    """Give what differs between two versions, or between one and the draft."""
    return compare_versions(services().versions, services().draft, query_data.earlier, query_data.later)


@blueprint.get("/<int:number>/checks")
@blueprint.output(shape(CheckReport))
def version_checks(number: int) -> CheckReport:
    """Give what the checks found when a version was published, and what was overridden and why."""
    return services().publishing.version_checks(number)


@blueprint.post("/rollback")
@blueprint.input(RollbackBody)
@blueprint.output(shape(VersionInfo))
def rollback(json_data: RollbackBody) -> VersionInfo:
    """Let customers have an earlier version again; the draft stays as it is."""
    version = services().publishing.rollback(json_data.version)
    services().published.refresh()
    return version
