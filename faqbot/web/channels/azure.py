"""The question doors of Azure's custom question answering and of QnA Maker: clients change the address and go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from apiflask import APIBlueprint, HTTPError
from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException

from faqbot.channels.question_answering import azure_cqa, qna_maker
from faqbot.channels.question_answering.qna_pairs import Pair, Query, asking, pairs_of
from faqbot.channels.reply_records import ReplyRecord, reply_record
from faqbot.errors import FaqbotError
from faqbot.services.values.messages import message
from faqbot.web.channels.asking import customer_language
from faqbot.web.current import origin, request_id, services
from faqbot.web.middleware.connection import caller
from faqbot.web.middleware.errors import problem_of
from faqbot.web.middleware.limits import count_session

blueprint = APIBlueprint("azure", __name__)

_CQA = "/language/:query-knowledgebases"


@blueprint.post(_CQA)
def query_knowledgebases() -> Response:
    """Answer a client of Azure's custom question answering; every project and deployment is this knowledge base."""
    return _answered(azure_cqa.read_query(request.get_json(force=True)), azure_cqa.answers_json)


@blueprint.post("/knowledgebases/<kb>/generateAnswer")
@blueprint.post("/qnamaker/knowledgebases/<kb>/generateAnswer")
@blueprint.post("/qnamaker/<preview>/knowledgebases/<kb>/generateAnswer")
def generate_answer(kb: str, preview: str = "") -> Response:
    """Answer a client of QnA Maker; every knowledge base id is this knowledge base."""
    return _answered(qna_maker.read_query(request.get_json(force=True)), qna_maker.answers_json)


@blueprint.errorhandler(Exception)
@blueprint.errorhandler(HTTPException)
@blueprint.errorhandler(HTTPError)
@blueprint.errorhandler(FaqbotError)
def failure(error: Exception) -> Response:
    """A failure as the client's own service words it; what we call 422 is 400 there."""
    problem = problem_of(error)
    error_json: Callable[[int, str, str], Mapping[str, object]]
    error_json = azure_cqa.error_json if request.path == _CQA else qna_maker.error_json
    status = 400 if problem.status == 422 else problem.status
    target = str(problem.details[0]) if problem.code == "invalid_request" and problem.details else ""
    response = jsonify(error_json(status, problem.message, target))
    response.status_code = status
    response.headers.update(problem.headers)
    return response


def _answered(
    query: Query, answers_json: Callable[[Sequence[Pair], str, ReplyRecord], Mapping[str, object]]
) -> Response:
    entries = services().published.snapshot.entries
    wanted = asking(query, entries)
    reply = None
    if wanted is not None:
        asked = origin("azure", query.session_id)
        count_session(asked)
        reply = services().answering.ask(
            wanted.question,
            top=query.top,
            language=wanted.language,
            filters=None if wanted.entry_ids is None else {"entry_id": wanted.entry_ids},
            origin=asked,
            caller=caller(),
        )
    pairs = pairs_of(reply, entries, query) if reply else []
    fallback = message("fallback", customer_language(query.question))
    return jsonify(answers_json(pairs, fallback, reply_record(reply, request_id())))
