"""What is wrong with the draft, before customers get it."""

from __future__ import annotations

from contextlib import closing

from apiflask import APIBlueprint

from faqbot.errors import RowsRefused
from faqbot.formats import read_bytes
from faqbot.language import _
from faqbot.services.checks.duplicates import DuplicateList
from faqbot.services.checks.findings import CheckReport
from faqbot.services.publishing.rehearsal import Replay
from faqbot.web.bodies.checks import DuplicatesQuery, ReplayQuery
from faqbot.web.bodies.files import DuplicatesForm
from faqbot.web.current import services
from faqbot.web.shapes.shape import shape

blueprint = APIBlueprint("checks", __name__, url_prefix="/api/v1")


@blueprint.get("/checks")
@blueprint.output(shape(CheckReport))
def check_draft() -> CheckReport:
    """Run every check on the draft without publishing it; encodes what is new, which may take long."""
    return services().checks.check()


@blueprint.get("/replay")
@blueprint.input(ReplayQuery, location="query")
@blueprint.output(shape(Replay))
def replay(query_data: ReplayQuery) -> Replay:
    """Ask the draft the last real questions, and give every decision that would change."""
    return services().rehearsals.replay(query_data.last)


@blueprint.get("/duplicates")
@blueprint.input(DuplicatesQuery, location="query")
@blueprint.output(shape(DuplicateList))
def list_duplicates(query_data: DuplicatesQuery) -> DuplicateList:
    """List the draft's entries that ask nearly the same."""
    return DuplicateList(tuple(services().learner.duplicates(threshold=query_data.threshold)))


@blueprint.post("/duplicates")
@blueprint.input(DuplicatesForm, location="form_and_files")
@blueprint.output(shape(DuplicateList))
def compare_file(form_and_files_data: DuplicatesForm) -> DuplicateList:
    """List the pairs that ask nearly the same, of an entry of a file and one of the draft, or of two in the file."""
    form = form_and_files_data
    with closing(form.file):
        parsed = read_bytes(form.file.read(), form.file.filename or "", choice=form.choice)
    if parsed.errors:
        raise RowsRefused(_("Line {line}: {message}", line=parsed.errors[0].line, message=parsed.errors[0].message))
    incoming = [entry for _, entry in parsed.entries]
    return DuplicateList(tuple(services().learner.duplicates(incoming, threshold=form.threshold)))
