"""Questions with the decision that every version has to make."""

from __future__ import annotations

from apiflask import APIBlueprint

from faqbot.services.publishing.question_tests import put_tests
from faqbot.services.publishing.rehearsal import TestRun, run_of
from faqbot.services.values.pages import QuestionTestList
from faqbot.storage import QuestionTest
from faqbot.web.bodies.checks import QuestionTestBody
from faqbot.web.current import services
from faqbot.web.shapes.shape import shape

blueprint = APIBlueprint("tests", __name__, url_prefix="/api/v1/tests")


@blueprint.get("")
@blueprint.output(shape(QuestionTestList))
def list_tests() -> QuestionTestList:
    """List the test questions."""
    return QuestionTestList(tuple(services().tests.all()))


@blueprint.post("")
@blueprint.input(QuestionTestBody)
@blueprint.output(shape(QuestionTestList), status_code=201)
def put_test(json_data: QuestionTestBody) -> QuestionTestList:
    """Add a test question, or change what is expected of one; the reply lists them all."""
    test = QuestionTest(json_data.question, json_data.entry_id or "")
    return QuestionTestList(tuple(put_tests(services().tests, services().draft, [test])))


@blueprint.delete("/<int:number>")
@blueprint.output({}, status_code=204)
def delete_test(number: int) -> str:
    """Remove a test question."""
    services().tests.delete(number)
    return ""


@blueprint.post("/run")
@blueprint.output(shape(TestRun))
def run_tests() -> TestRun:
    """Ask the draft and the current version the test questions; takes as long as learning the draft."""
    return run_of(services().rehearsals.run_tests())
