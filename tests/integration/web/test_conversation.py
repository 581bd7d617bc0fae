"""Conversations over HTTP: what was said before decides what a short message means."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from faqbot.encoder import Encoder
from faqbot.knowledge import Entry
from tests.integration.web.shop import ENTRIES, Shop, open_shop

# The refund entry leads on to two others; one entry answers a greeting itself, one a request for a person.
TALKING = (
    replace(ENTRIES[0], prompts=("refund-time", "invoice")),
    *ENTRIES[1:],
    Entry("morning", "早上好", (), "早上好，今天全场八折！", "zh", "问候"),
    Entry("agent", "转人工客服", (), "客服 9 点到 21 点在线。", "zh", "客服"),
    Entry("vip", "会员怎么退款？", (), "请联系您的顾问。", "zh", "会员", segments=("vip",)),
)
CONTACT = {"handoff_text": "电话 400-800-1234（9:00–21:00）", "handoff_link": "https://example.com/help"}
# Only exact wordings are answered directly and everything else is suggested, so the lists below are certain.
SURE = {"answer_threshold": 1.0, "suggest_threshold": 0.0, "suggestions": 3}
NEVER = {"answer_threshold": 1.0, "suggest_threshold": 1.0}

Say = Callable[..., dict[str, Any]]
_numbers = count()


def _speaker(shop: Shop) -> Say:
    client, session = shop.client("agent"), f"conversation-{next(_numbers)}"

    def say(text: str, **more: Any) -> dict[str, Any]:
        reply: dict[str, Any] = client.post(
            "/api/v1/ask", json={"question": text, "session_id": session, **more}
        ).get_json()
        return reply

    return say


@pytest.fixture(scope="module")
def talking_shop(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("talking")
    opened = open_shop(folder, compact_encoder, entries=TALKING, matching=SURE, conversation=CONTACT)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def silent_shop(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Suggests nothing, and says nothing about how to reach a person."""
    opened = open_shop(tmp_path_factory.mktemp("silent"), compact_encoder, matching=NEVER)
    yield opened
    opened.close()


@pytest.fixture
def say(talking_shop: Shop) -> Say:
    return _speaker(talking_shop)


@pytest.mark.parametrize("choice", ["2", "第二个", "the second one"])
def test_a_number_after_suggestions_gets_that_entrys_answer(say: Say, choice: str) -> None:
    listed = say("退款的钱几时到我卡里")
    assert listed["verdict"] == "suggest"
    reply = say(choice)
    second = next(entry for entry in TALKING if entry.entry_id == listed["suggestions"][1]["entry_id"])
    assert (reply["verdict"], reply["entry_id"], reply["answer"]) == ("answer", second.entry_id, second.answer)
    assert (reply["confidence"], reply["decision"]["reason"]) == (1.0, "chosen_suggestion")


def test_the_words_of_a_suggestion_choose_it_and_the_other_lines_stay_open(say: Say) -> None:
    listed = say("退款的钱几时到我卡里")["suggestions"]
    [place] = [n for n, one in enumerate(listed, start=1) if one["entry_id"] == "refund-time"]
    assert say("退款多久到账？")["decision"]["reason"] == "chosen_suggestion"
    other = 2 if place == 1 else 1
    assert say(str(other))["entry_id"] == listed[other - 1]["entry_id"]


def test_a_number_behind_the_end_shows_the_list_again(say: Say) -> None:
    listed = say("退款的钱几时到我卡里")
    reply = say("9")
    assert (reply["verdict"], reply["suggestions"]) == ("suggest", listed["suggestions"])
    assert (reply["answer"], reply["decision"]["reason"]) == ("请从下面的选项中选择：", "choice_out_of_range")
    assert say("1")["entry_id"] == listed["suggestions"][0]["entry_id"]


def test_after_an_answer_a_follow_up_can_be_chosen_by_number_or_by_its_words(say: Say) -> None:
    assert [one["entry_id"] for one in say("如何申请退款？")["prompts"]] == ["refund-time", "invoice"]
    assert say("2")["entry_id"] == "invoice"
    say("如何申请退款？")
    reply = say("退款多久到账？")
    assert (reply["entry_id"], reply["decision"]["reason"]) == ("refund-time", "chosen_prompt")


def test_none_of_these_then_another_miss_calls_for_a_person(say: Say) -> None:
    say("退款的钱几时到我卡里")
    first = say("都不是")
    assert (first["verdict"], first["decision"]["reason"], first["handoff"]) == ("fallback", "none_of_these", None)
    say("refund something else altogether")
    second = say("none of these")
    assert second["handoff"] == {
        "reason": "repeated_misses",
        "text": CONTACT["handoff_text"],
        "link": CONTACT["handoff_link"],
    }
    assert CONTACT["handoff_text"] in second["answer"]
    assert second["attachments"] == [CONTACT["handoff_link"]]


def test_two_questions_in_a_row_without_an_answer_call_for_a_person_and_an_answer_counts_anew(
    silent_shop: Shop,
) -> None:
    say = _speaker(silent_shop)
    asked = ["天气如何", "如何申请退款？", "天气如何", "谢谢", "讲个笑话", "今天星期几"]
    handoffs = [say(text)["handoff"] for text in asked]
    # One miss; an answer; one miss; thanks, which count for nothing; the second miss in a row, and the third.
    assert [bool(handoff) for handoff in handoffs] == [False, False, False, False, True, True]
    assert handoffs[-1] == {"reason": "repeated_misses", "text": "", "link": ""}


@pytest.mark.parametrize("text", ["转人工", "talk to a human please"])
def test_who_asks_for_a_person_is_told_how_to_reach_one(say: Say, text: str) -> None:
    reply = say(text)
    assert (reply["verdict"], reply["decision"]["reason"]) == ("fallback", "handoff_requested")
    assert reply["handoff"]["reason"] == "requested"
    assert CONTACT["handoff_text"] in reply["answer"]


def test_where_nobody_said_how_to_reach_a_person_no_one_is_promised(silent_shop: Shop) -> None:
    reply = _speaker(silent_shop)("agent")
    assert reply["handoff"]["reason"] == "requested"
    assert reply["answer"].startswith("I cannot connect you")


@pytest.mark.parametrize(
    "text",
    [
        "这个机器答不了，让你们同事跟我聊吧",
        "我想直接跟你们的人说",
        "would someone from the team be able to talk to me?",
        "please let me chat with an actual employee",
        "quisiera conversar con uno de sus agentes",
        "je préfère discuter avec une personne",
        "ich würde lieber mit einem Menschen schreiben",
        "dá para eu falar com alguém da loja?",
        "preferirei parlare con un vostro operatore",
        "можно мне живого сотрудника?",
        "オペレーターの方とお話しできますか",
        "상담원이랑 통화하고 싶은데요",
        "cho mình gặp nhân viên tư vấn với",
        "bisa tolong disambungkan dengan petugasnya?",
        "bir temsilciyle görüşebilir miyim",
        "要怎么向你们投诉？",
        "I want to file a complaint about how I was treated",
        "贵公司的联系电话是？",
        "which number can I phone you on?",
    ],
)
def test_who_wants_a_person_to_complain_or_to_call_is_understood_in_other_words(talking_shop: Shop, text: str) -> None:
    reply = talking_shop.client().post("/api/v1/ask", json={"question": text}).get_json()
    assert (reply["decision"]["reason"], reply["handoff"]["reason"]) == ("handoff_requested", "requested")
    assert CONTACT["handoff_text"] in reply["answer"]


def test_the_companys_own_entry_on_it_is_offered_beside_the_way_to_a_person(talking_shop: Shop) -> None:
    reply = talking_shop.client().post("/api/v1/ask", json={"question": "我想让人工客服接待我"}).get_json()
    assert (reply["verdict"], reply["decision"]["reason"]) == ("suggest", "handoff_requested")
    assert reply["suggestions"][0]["entry_id"] == "agent"


@pytest.mark.parametrize(
    "text", ["人工费要多少钱", "我想退款，找谁", "快递员电话打不通", "how do I become an agent", "投诉卖家要什么材料"]
)
def test_ordinary_questions_with_such_words_stay_questions(talking_shop: Shop, text: str) -> None:
    reply = talking_shop.client().post("/api/v1/ask", json={"question": text}).get_json()
    assert reply["decision"]["reason"] not in ("handoff_requested", "chit_chat")


def test_greetings_and_thanks_get_replies_of_our_own_and_change_nothing(say: Say) -> None:
    listed = say("退款的钱几时到我卡里")
    thanks = say("Thanks!")
    assert (thanks["verdict"], thanks["entry_id"], thanks["decision"]["reason"]) == ("answer", None, "chit_chat")
    assert thanks["answer"].startswith("You are welcome")
    assert say("1")["entry_id"] == listed["suggestions"][0]["entry_id"]


def test_an_entry_with_the_words_of_a_greeting_or_a_request_goes_first(say: Say) -> None:
    morning = say("早上好")
    assert (morning["entry_id"], morning["decision"]["reason"]) == ("morning", "exact")
    person = say("转人工客服")
    assert (person["entry_id"], person["handoff"]["reason"]) == ("agent", "requested")


def test_small_talk_can_be_switched_off(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = {"chit_chat": False, "handoff_after": 0}
    shop = open_shop(tmp_path_factory.mktemp("plain"), compact_encoder, matching=NEVER, conversation=settings)
    say = _speaker(shop)
    replies = [say(text) for text in ("你好", "你好", "你好")]
    assert {reply["decision"]["reason"] for reply in replies} == {"below_suggest_threshold"}
    assert [reply["handoff"] for reply in replies] == [None, None, None]
    shop.close()


def test_without_a_session_lists_are_not_remembered_and_greetings_and_people_are_found_all_the_same(
    talking_shop: Shop,
) -> None:
    client = talking_shop.client()
    asked = ("退款", "2", "你好", "转人工")
    replies = [client.post("/api/v1/ask", json={"question": text}).get_json() for text in asked]
    reasons = [reply["decision"]["reason"] for reply in replies]
    assert reasons == ["below_answer_threshold", "below_answer_threshold", "chit_chat", "handoff_requested"]
    assert [reply["handoff"] and reply["handoff"]["reason"] for reply in replies] == [None, None, None, "requested"]


def test_a_list_is_of_one_conversation_only(talking_shop: Shop) -> None:
    one, other = _speaker(talking_shop), _speaker(talking_shop)
    one("退款的钱几时到我卡里")
    assert other("2")["decision"]["reason"] == "below_answer_threshold"


def test_a_choice_is_refused_to_whom_the_entry_does_not_belong(say: Say) -> None:
    vip = {"segment": "vip"}
    listed = say("会员想退款怎么办", filters=vip)["suggestions"]
    number = 1 + [one["entry_id"] for one in listed].index("vip")
    assert say(str(number))["entry_id"] != "vip"
    say("会员想退款怎么办", filters=vip)
    assert say(str(number), filters=vip)["entry_id"] == "vip"


def test_the_log_keeps_what_was_chosen_and_no_small_talk(
    compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shop = open_shop(tmp_path_factory.mktemp("logged"), compact_encoder, matching=SURE)
    say = _speaker(shop)
    say("谢谢")
    listed = say("退款的钱几时到我卡里")
    chosen = say("2")
    say("转人工")
    shop.services.question_log.close()
    kept = [(row.text, row.request_id) for row in shop.services.questions.last()]
    # In the log the full-width question mark is an ordinary one.
    second = listed["suggestions"][1]["question"].replace("？", "?")
    assert kept == [(second, chosen["request_id"]), ("退款的钱几时到我卡里", listed["request_id"])]
    shop.storage.close()


def test_what_is_chosen_or_turned_down_is_feedback_on_the_question_that_got_the_list(
    compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shop = open_shop(tmp_path_factory.mktemp("learning"), compact_encoder, matching=SURE)
    say = _speaker(shop)
    first = say("退款的钱几时到我卡里")
    say("9")
    chosen = say("2")
    second = say("多久能寄到")
    say("none of these")
    said = [(one.request_id, one.kind, one.entry_id) for one in shop.services.pending_feedback.last()]
    assert said == [(second["request_id"], "none", ""), (first["request_id"], "chosen", chosen["entry_id"])]
    shop.close()


def test_a_door_with_a_sender_has_conversations_and_rasas_default_sender_has_none(talking_shop: Shop) -> None:
    client = talking_shop.client()

    def rasa(**message: str) -> list[str]:
        return [part["text"] for part in client.post("/webhooks/rest/webhook", json=message).get_json()]

    assert rasa(sender="u1", message="谢谢") == ["不客气！还有别的问题可以随时问我。"]
    for anybody in ({"sender": "default"}, {}):
        rasa(message="退款的钱几时到我卡里", **anybody)
        assert rasa(message="都不是", **anybody) != ["好的，这些都不是您要问的。请换个说法再说一次，我再找找。"]
