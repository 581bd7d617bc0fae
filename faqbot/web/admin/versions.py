"""Publish the draft, list what was published, take a publication back."""

from __future__ import annotations

from dataclasses import asdict

from apiflask import APIBlueprint

from faqbot.channels.contract import Json, version_json
from faqbot.services.checks.findings import Override
from faqbot.services.publishing.version_diff import compare_versions
from faqbot.web.bodies.versions import DiffQuery, PublishBody, RollbackBody
from faqbot.web.current import services
from faqbot.web.shapes.checks import CheckReportShape
from faqbot.web.shapes.versions import DifferenceShape, VersionList, VersionShape

blueprint = APIBlueprint("versions", __name__, url_prefix="/api/v1/versions")


@blueprint.get("")
@blueprint.output(VersionList)
def list_versions() -> Json:
    """List the published versions, newest first."""
    return {"versions": [version_json(version) for version in services().publishing.versions()]}


@blueprint.post("")
@blueprint.input(PublishBody)
@blueprint.output(VersionShape, status_code=201)
def publish(json_data: PublishBody) -> Json:
    """Check the draft, make a version of it and let customers have it; encodes what is new, which may take long."""
    version = services().publishing.publish(
        json_data.note, overrides=[Override(one.code, one.note) for one in json_data.overrides]
    )
    services().published.refresh()
    return version_json(version)


@blueprint.get("/diff")
@blueprint.input(DiffQuery, location="query")
@blueprint.output(DifferenceShape)
def diff_versions(query_data: DiffQuery) -> Json:
    """Give what differs between two versions, or between one and the draft."""
    return asdict(compare_versions(services().versions, services().draft, query_data.earlier, query_data.later))


@blueprint.get("/<int:number>/checks")
@blueprint.output(CheckReportShape)
def version_checks(number: int) -> Json:
    """Give what the checks found when a version was published, and what was overridden and why."""
    return services().publishing.version_checks(number)


@blueprint.post("/rollback")
@blueprint.input(RollbackBody)
@blueprint.output(VersionShape)
def rollback(json_data: RollbackBody) -> Json:
    """Let customers have an earlier version again; the draft stays as it is."""
    version = services().publishing.rollback(json_data.version)
    services().published.refresh()
    return version_json(version)
