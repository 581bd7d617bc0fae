"""Work in the background: queue an import or a publication, see how far it is, read its rows, end it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from apiflask import APIBlueprint

from faqbot.services.jobs.jobs import JobList, JobStatus
from faqbot.services.values.imports import RowPage
from faqbot.web.bodies.files import ImportJobForm
from faqbot.web.bodies.jobs import JobQuery, JobsQuery, RowsQuery
from faqbot.web.bodies.versions import PublishBody
from faqbot.web.current import services
from faqbot.web.shapes.shape import shape

blueprint = APIBlueprint("jobs", __name__, url_prefix="/api/v1/jobs")

Accepted = tuple[JobStatus, int, dict[str, str]]


@blueprint.post("/import")
@blueprint.input(ImportJobForm, location="form_and_files")
@blueprint.output(shape(JobStatus), status_code=202)
def submit_import(form_and_files_data: ImportJobForm) -> Accepted:
    """Queue the import of a file: it is judged, written into the draft, encoded, and published where asked."""
    form = form_and_files_data
    with closing(form.file):
        content = form.file.read()
    name = form.file.filename or ""
    terms = replace(form.terms, publish=form.publish)
    return _accepted(
        services().jobs.submit_import(name, content, dry_run=form.dry_run, replace=form.replace, terms=terms)
    )


@blueprint.post("/publish")
@blueprint.input(PublishBody)
@blueprint.output(shape(JobStatus), status_code=202)
def submit_publish(json_data: PublishBody) -> Accepted:
    """Queue the publication of the draft."""
    return _accepted(services().jobs.submit_publish(**json_data.model_dump()))


@blueprint.get("")
@blueprint.input(JobsQuery, location="query")
@blueprint.output(shape(JobList))
def list_jobs(query_data: JobsQuery) -> JobList:
    """List the last jobs, newest first, without their reports."""
    return JobList(tuple(services().jobs.last(query_data.limit)))


@blueprint.get("/<int:job_id>")
@blueprint.input(JobQuery, location="query")
@blueprint.output(shape(JobStatus))
def get_job(job_id: int, query_data: JobQuery) -> JobStatus:
    """Tell how far a job is; with `wait` the reply comes when the job is done, or after that many seconds."""
    return services().jobs.wait(job_id, query_data.wait)


@blueprint.get("/<int:job_id>/rows")
@blueprint.input(RowsQuery, location="query")
@blueprint.output(shape(RowPage))
def list_rows(job_id: int, query_data: RowsQuery) -> RowPage:
    """List what an import makes of each row of its file, page by page."""
    return services().jobs.rows(job_id, **query_data.model_dump())


@blueprint.post("/<int:job_id>/cancel")
@blueprint.output(shape(JobStatus))
def cancel_job(job_id: int) -> JobStatus:
    """Cancel a job: before its stage `writing` the draft stays as it was, after it the draft has changed."""
    return services().jobs.cancel(job_id)


def _accepted(status: JobStatus) -> Accepted:
    return status, 202, {"Location": f"/api/v1/jobs/{status.job_id}"}
