"""What was asked, for those who look after the knowledge base."""

from __future__ import annotations

from apiflask import APIBlueprint

from faqbot.services.values.erased import Erased, Expired
from faqbot.services.values.pages import AskedPage, page_of
from faqbot.web.bodies.learning import EraseBody, ExpireBody, QuestionsQuery
from faqbot.web.current import services
from faqbot.web.shapes.shape import shape

blueprint = APIBlueprint("questions", __name__, url_prefix="/api/v1/questions")


@blueprint.get("")
@blueprint.input(QuestionsQuery, location="query")
@blueprint.output(shape(AskedPage))
def list_questions(query_data: QuestionsQuery) -> AskedPage:
    """List the last questions and what came of them, the newest first."""
    limit = query_data.limit
    found = services().questions.last(verdict=query_data.verdict, after=query_data.after, limit=limit + 1)
    return AskedPage(*page_of(found, limit))


@blueprint.delete("")
@blueprint.output({}, status_code=204)
def forget_questions() -> str:
    """Delete every kept question."""
    services().questions.forget()
    return ""


@blueprint.post("/erase")
@blueprint.input(EraseBody)
@blueprint.output(shape(Erased))
def erase_questions(json_data: EraseBody) -> Erased:
    """Erase kept questions, and feedback on them, for good: by text, by session or user, or all."""
    return services().erasing.erase(matching=json_data.matching, session=json_data.session, every=json_data.every)


@blueprint.post("/expire")
@blueprint.input(ExpireBody)
@blueprint.output(shape(Expired))
def expire_questions(json_data: ExpireBody) -> Expired:
    """Erase every question and all feedback that is older than so many days."""
    return Expired(services().erasing.expire(json_data.days))
