"""What was asked, for those who look after the knowledge base."""

from __future__ import annotations

from dataclasses import asdict

from apiflask import APIBlueprint

from faqbot.channels.contract import Json
from faqbot.web.bodies.learning import QuestionsQuery
from faqbot.web.current import services
from faqbot.web.shapes.learning import AskedPage

blueprint = APIBlueprint("questions", __name__, url_prefix="/api/v1/questions")


@blueprint.get("")
@blueprint.input(QuestionsQuery, location="query")
@blueprint.output(AskedPage)
def list_questions(query_data: QuestionsQuery) -> Json:
    """List the last questions and what came of them, the newest first."""
    limit = query_data.limit
    found = services().questions.last(verdict=query_data.verdict, after=query_data.after, limit=limit + 1)
    shown = found[:limit]
    return {
        "questions": [asdict(question) for question in shown],
        "next": shown[-1].number if len(found) > limit else None,
    }


@blueprint.delete("")
@blueprint.output({}, status_code=204)
def forget_questions() -> str:
    """Delete every kept question."""
    services().questions.forget()
    return ""
