"""Whole knowledge bases in and out as files."""

from __future__ import annotations

from contextlib import closing

from apiflask import APIBlueprint, FileSchema
from flask import Response

from faqbot.formats import to_bytes
from faqbot.services.draft.import_reports import refusal
from faqbot.services.values.imports import ImportReport
from faqbot.web.bodies.files import ImportForm
from faqbot.web.current import services
from faqbot.web.shapes.doors import EXPORTS
from faqbot.web.shapes.shape import shape

blueprint = APIBlueprint("imports", __name__, url_prefix="/api/v1")


@blueprint.post("/imports")
@blueprint.input(ImportForm, location="form_and_files")
@blueprint.output(shape(ImportReport))
def import_upload(form_and_files_data: ImportForm) -> ImportReport:
    """Take a file's rows into the draft: all of them, or none where one is refused, or, if asked, the good ones."""
    form = form_and_files_data
    with closing(form.file):
        content = form.file.read()
    report = services().importer.import_upload(
        form.file.filename or "",
        content,
        dry_run=form.dry_run,
        replace=form.replace,
        terms=form.terms,
    )
    if report.refused and not report.applied and not form.dry_run:
        raise refusal(report)
    return report


@blueprint.post("/imports/rejected")
@blueprint.input(ImportForm, location="form_and_files")
@blueprint.output(FileSchema(), content_type="application/octet-stream", description="The file; empty: none is wrong.")
def give_rejected(form_and_files_data: ImportForm) -> Response:
    """Give the rows of a file that cannot be imported, as a file of the same shape that says why; change nothing."""
    form = form_and_files_data
    with closing(form.file):
        content = form.file.read()
    found = services().importer.rejected(form.file.filename or "", content, form.terms)
    if found is None:
        return Response(b"", content_type="application/octet-stream")
    response = Response(found.content, content_type=EXPORTS[found.format])
    response.headers["Content-Disposition"] = f'attachment; filename="rejected.{found.format}"'
    return response


@blueprint.get("/exports/<file_format>")
@blueprint.output(FileSchema(), content_type="application/octet-stream", description="The file.")
def export(file_format: str) -> Response:
    """Give the draft as a csv, xlsx, json, jsonl or yaml file."""
    content = to_bytes(file_format, services().draft.entries())
    response = Response(content, content_type=EXPORTS[file_format])
    response.headers["Content-Disposition"] = f'attachment; filename="faqbot.{file_format}"'
    return response
