"""The real Python clients of both services, and Bot Framework's requests as its client sends them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from azure.ai.language.questionanswering import QuestionAnsweringClient
from azure.ai.language.questionanswering.models import AnswersOptions, MetadataFilter, QueryFilters
from azure.cognitiveservices.knowledge.qnamaker import QnAMakerClient
from azure.cognitiveservices.knowledge.qnamaker.models import ErrorResponseException, QueryDTO
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from msrest.authentication import CognitiveServicesCredentials

from faqbot.channels.question_answering.qna_numbers import number_entries
from tests.integration.channels.served import SERVED, Served
from tests.integration.web.shop import REFUND_ANSWER

NUMBERS = number_entries(tuple(entry.entry_id for entry in SERVED))


@pytest.fixture
def cqa(door: Served) -> Iterator[QuestionAnsweringClient]:
    with QuestionAnsweringClient(door.url, AzureKeyCredential(door.key())) as client:
        yield client


@pytest.fixture
def qna_maker(door: Served) -> Iterator[QnAMakerClient]:
    with QnAMakerClient(door.url, CognitiveServicesCredentials(door.key())) as client:
        yield client


def _ask(client: QuestionAnsweringClient, **options: Any) -> Any:
    return client.get_answers(AnswersOptions(**options), project_name="shop", deployment_name="production").answers


def test_azures_client_gets_the_answer_with_its_questions_metadata_and_follow_ups(cqa: QuestionAnsweringClient) -> None:
    [answer] = _ask(cqa, question="如何申请退款？", confidence_threshold=0.5, user_id="u1")
    assert (answer.qna_id, answer.confidence, answer.answer) == (NUMBERS["refund"], 1.0, REFUND_ANSWER)
    assert answer.questions == ["如何申请退款？", "我不想要了怎么退钱", "退款在哪里申请"]
    assert answer.metadata == {"category": "退款", "language": "zh", "tag": "热门,退款"}
    # The third follow-up is not published, so it is not offered.
    prompts = [(one.display_order, one.qna_id, one.display_text) for one in answer.dialog.prompts]
    assert prompts == [(0, NUMBERS["refund-time"], "退款多久到账？"), (1, 27, "可以寄到国外吗？")]
    [chosen] = _ask(cqa, qna_id=prompts[1][1])
    assert (chosen.qna_id, chosen.answer, chosen.confidence) == (27, "目前只寄国内。", 1.0)


def test_azures_client_gets_as_many_ranked_answers_as_it_asks_for(cqa: QuestionAnsweringClient) -> None:
    answers = _ask(cqa, question="退钱", top=3, confidence_threshold=0.0)
    confidences = [answer.confidence for answer in answers]
    assert confidences == sorted(confidences, reverse=True)
    assert [answer.qna_id for answer in answers][:2] == [NUMBERS["refund"], NUMBERS["refund-time"]]
    assert len(_ask(cqa, question="退钱", top=1, confidence_threshold=0.0)) == 1


@pytest.mark.parametrize("options", [{"question": "火星上有水吗"}, {"qna_id": 12345}])
def test_azures_client_gets_the_number_minus_one_where_there_is_no_answer(
    cqa: QuestionAnsweringClient, options: dict[str, Any]
) -> None:
    [answer] = _ask(cqa, **options)
    assert (answer.qna_id, answer.confidence, answer.questions) == (-1, 0.0, [])
    assert answer.answer.startswith("抱歉")


def test_only_answers_that_reach_the_threshold_are_shown_and_zero_means_zero(door: Served) -> None:
    # The best entry for this has a confidence of about 0.7, the next one about 0.2.
    for threshold, shown in ((1.0, 0), (None, 1), (0.0, 2)):
        body = {"question": "退钱", "confidenceScoreThreshold": threshold, "top": 2}
        reply = _post(door, "/language/:query-knowledgebases", body).json()
        assert reply["faqbot"]["verdict"] == "suggest"
        assert sum(answer["id"] != -1 for answer in reply["answers"]) == shown
        assert len(reply["answers"]) == max(shown, 1)


@pytest.mark.parametrize(
    ("metadata", "operation", "found"),
    [
        ([("category", "物流")], "AND", 27),
        ([("region", "abroad"), ("category", "退款")], "AND", -1),
        ([("region", "abroad"), ("category", "退款")], "OR", 27),
        ([("REGION", "Abroad"), ("tag", "热门")], "AND", 27),
        ([("colour", "red")], "OR", -1),
    ],
)
def test_azures_client_filters_by_metadata(
    cqa: QuestionAnsweringClient, metadata: list[tuple[str, str]], operation: str, found: int
) -> None:
    filters = QueryFilters(metadata_filter=MetadataFilter(metadata=metadata, logical_operation=operation))
    assert _ask(cqa, question="可以寄到国外吗？", filters=filters)[0].qna_id == found


def test_azures_client_understands_why_it_is_refused(door: Served, cqa: QuestionAnsweringClient) -> None:
    with pytest.raises(HttpResponseError, match="InvalidArgument") as refused:
        _ask(cqa, question="退钱", top=0)
    assert refused.value.status_code == 400
    assert refused.value.model.error.code == "InvalidArgument"
    assert refused.value.model.error.target == "top"
    with pytest.raises(HttpResponseError, match="sources"):
        _ask(cqa, question="退钱", filters=QueryFilters(source_filter=["manual.pdf"]))
    stranger = QuestionAnsweringClient(door.url, AzureKeyCredential("faqbot_ask_guess"))
    with pytest.raises(ClientAuthenticationError, match="Unauthorized"), stranger:
        _ask(stranger, question="退钱")


def test_qna_makers_client_gets_scores_of_a_hundred(qna_maker: QnAMakerClient) -> None:
    query = QueryDTO(question="可以寄到国外吗？", top=1, score_threshold=50.0, strict_filters=[])
    [answer] = qna_maker.knowledgebase.generate_answer("any-kb", query).answers
    assert (answer.id, answer.score, answer.answer) == (27, 100.0, "目前只寄国内。")
    assert {(one.name, one.value) for one in answer.metadata} >= {("region", "abroad"), ("category", "物流")}
    [none] = qna_maker.knowledgebase.generate_answer("any-kb", QueryDTO(question="火星上有水吗")).answers
    assert (none.id, none.score) == (-1, 0.0)
    [chosen] = qna_maker.knowledgebase.generate_answer("any-kb", QueryDTO(qna_id="27", question="别的")).answers
    assert chosen.id == 27


def test_qna_makers_client_understands_why_it_is_refused(door: Served, qna_maker: QnAMakerClient) -> None:
    with pytest.raises(ErrorResponseException) as refused:
        qna_maker.knowledgebase.generate_answer("any-kb", QueryDTO(question="退钱", score_threshold=101.0))
    assert refused.value.error.error.code == "BadArgument"
    assert "scoreThreshold" in refused.value.error.error.message
    with (
        QnAMakerClient(door.url, CognitiveServicesCredentials("guess")) as stranger,
        pytest.raises(ErrorResponseException, match="not known"),
    ):
        stranger.knowledgebase.generate_answer("any-kb", QueryDTO(question="退钱"))


@pytest.mark.parametrize(
    "path", ["/qnamaker/knowledgebases/kb-1/generateAnswer", "/knowledgebases/kb-1/generateAnswer"]
)
def test_bot_frameworks_requests_are_answered(door: Served, path: str) -> None:
    # What botbuilder-ai's client posts: the number 0 for none, the key in two headers, each with the word before it.
    both = {"Authorization": f"EndpointKey {door.key()}", "Ocp-Apim-Subscription-Key": f"EndpointKey {door.key()}"}
    body = {
        "question": "如何申请退款？",
        "top": 1,
        "strictFilters": [],
        "scoreThreshold": 30.0,
        "context": {"previousQnAId": 0, "previousUserQuery": ""},
        "qnaId": 0,
        "isTest": False,
        "rankerType": "Default",
    }
    for headers in (both, *({name: value} for name, value in both.items())):
        reply = requests.post(door.url + path, json=body, headers=headers, timeout=30).json()
        assert [(answer["id"], answer["score"]) for answer in reply["answers"]] == [(NUMBERS["refund"], 100.0)]


@pytest.mark.parametrize("body", ["[]", "5", '"text"', "{}", '{"question": 5}', '{"question": " "}', "{"])
def test_a_body_that_cannot_be_used_is_refused_in_each_services_shape(door: Served, body: str) -> None:
    for path, code in (
        ("/language/:query-knowledgebases", "InvalidArgument"),
        ("/knowledgebases/kb/generateAnswer", "BadArgument"),
    ):
        headers = {"Content-Type": "application/json", "X-API-Key": door.key()}
        response = requests.post(door.url + path, data=body, headers=headers, timeout=30)
        assert response.status_code == 400
        assert response.json()["error"]["code"] == code
        assert response.json()["error"]["message"].endswith(".")


def _post(door: Served, path: str, body: dict[str, Any]) -> requests.Response:
    return requests.post(door.url + path, json=body, headers={"X-API-Key": door.key()}, timeout=30)
