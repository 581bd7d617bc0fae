"""Questions with the decision that every version has to make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from apiflask import APIBlueprint

from faqbot.channels.contract import Json
from faqbot.services.publishing.question_tests import put_tests
from faqbot.storage import QuestionTest
from faqbot.web.bodies.checks import QuestionTestBody
from faqbot.web.current import services
from faqbot.web.shapes.checks import QuestionTestList, TestRun

blueprint = APIBlueprint("tests", __name__, url_prefix="/api/v1/tests")


@blueprint.get("")
@blueprint.output(QuestionTestList)
def list_tests() -> Json:
    """List the test questions."""
    return _listed(services().tests.all())


@blueprint.post("")
@blueprint.input(QuestionTestBody)
@blueprint.output(QuestionTestList, status_code=201)
def put_test(json_data: QuestionTestBody) -> Json:
    """Add a test question, or change what is expected of one; the reply lists them all."""
    return _listed(
        put_tests(services().tests, services().draft, [QuestionTest(json_data.question, json_data.entry_id or "")])
    )


@blueprint.delete("/<int:number>")
@blueprint.output({}, status_code=204)
def delete_test(number: int) -> str:
    """Remove a test question."""
    services().tests.delete(number)
    return ""


@blueprint.post("/run")
@blueprint.output(TestRun)
def run_tests() -> Json:
    """Ask the draft and the current version the test questions; takes as long as learning the draft."""
    tested = services().rehearsals.run_tests()
    return {
        "passed": sum(one.passed for one in tested),
        "failed": sum(not one.passed for one in tested),
        "results": [
            {
                **_test_json(one.test),
                "passed": one.passed,
                "passed_before": one.passed_before,
                "draft": asdict(one.draft),
            }
            for one in tested
        ],
    }


def _listed(tests: Sequence[QuestionTest]) -> Json:
    return {"tests": [_test_json(test) for test in tests]}


def _test_json(test: QuestionTest) -> Json:
    return {"number": test.number, "question": test.text, "entry_id": test.entry_id or None}
