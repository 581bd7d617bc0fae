"""What customers thought of replies, and what admins make of it."""

from __future__ import annotations

from apiflask import APIBlueprint

from faqbot.services.values.pages import Dismissed, FeedbackPage, LabelList, page_of
from faqbot.web.bodies.learning import AcceptBody, DismissBody, FeedbackBody, FeedbackQuery, LabelBody, LabelQuery
from faqbot.web.current import customer_network, services
from faqbot.web.shapes.shape import shape

blueprint = APIBlueprint("feedback", __name__, url_prefix="/api/v1")


@blueprint.post("/feedback")
@blueprint.input(FeedbackBody)
@blueprint.output({}, status_code=204)
def give_feedback(json_data: FeedbackBody) -> str:
    """Say whether a reply helped, which suggestion was meant, or that none was."""
    services().feedback.give(json_data.request_id, json_data.kind, json_data.entry_id, network=customer_network())
    return ""


@blueprint.get("/feedback")
@blueprint.input(FeedbackQuery, location="query")
@blueprint.output(shape(FeedbackPage))
def list_feedback(query_data: FeedbackQuery) -> FeedbackPage:
    """List the feedback that nobody has reviewed yet, the newest first."""
    limit = query_data.limit
    found = services().pending_feedback.last(after=query_data.after, limit=limit + 1)
    return FeedbackPage(*page_of(found, limit))


@blueprint.post("/feedback/<int:number>/accept")
@blueprint.input(AcceptBody)
@blueprint.output({}, status_code=204)
def accept_feedback(number: int, json_data: AcceptBody) -> str:
    """Decide which entries answer the question: it becomes a label and, where wanted, a wording of the first one."""
    services().feedback.accept(number, json_data.entry_ids, as_wording=json_data.as_wording)
    return ""


@blueprint.delete("/feedback/<int:number>")
@blueprint.output({}, status_code=204)
def dismiss_feedback(number: int) -> str:
    """Dismiss a piece of feedback."""
    services().pending_feedback.delete(number)
    return ""


@blueprint.post("/feedback/dismiss")
@blueprint.input(DismissBody)
@blueprint.output(shape(Dismissed))
def dismiss_all(json_data: DismissBody) -> Dismissed:
    """Dismiss all feedback, or all on questions with a text in them, or all since a moment."""
    return Dismissed(services().pending_feedback.dismiss(matching=json_data.matching, since=json_data.since))


@blueprint.get("/labels")
@blueprint.output(shape(LabelList))
def list_labels() -> LabelList:
    """List the questions whose entries people have decided on."""
    return LabelList(tuple(services().labels.all()))


@blueprint.post("/labels")
@blueprint.input(LabelBody)
@blueprint.output({}, status_code=204)
def put_label(json_data: LabelBody) -> str:
    """Decide which entries answer a question; an earlier decision on it is replaced."""
    services().feedback.label(json_data.question, json_data.entry_ids, as_wording=json_data.as_wording)
    return ""


@blueprint.delete("/labels")
@blueprint.input(LabelQuery, location="query")
@blueprint.output({}, status_code=204)
def delete_label(query_data: LabelQuery) -> str:
    """Forget the decision on a question."""
    services().labels.delete(query_data.question)
    return ""
