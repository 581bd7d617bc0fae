from __future__ import annotations

import time

import pytest

from faqbot.services.conversation.handoff import wants_person


@pytest.mark.parametrize(
    "text",
    [
        "转人工",
        "人工",
        "人工客服",
        "我要人工服务！",
        "麻烦帮我转接一下人工坐席，谢谢",
        "能不能换个真人",
        "联系客服",
        "human",
        "Agent!",
        "talk to a human please",
        "I want to speak to a real person.",
        "Can you connect me with a live agent?",
    ],
)
def test_who_asks_for_a_person_is_understood(text: str) -> None:
    assert wants_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "人工费怎么算",
        "人工客服几点上班",
        "怎么联系人工客服，电话是多少",
        "客服态度不好怎么投诉",
        "How do I become an agent?",
        "human resources",
        "Is the agent fee refundable?",
        "退款",
        "please",
        "我要",
    ],
)
def test_a_question_about_people_is_a_question(text: str) -> None:
    assert not wants_person(text)


def test_a_message_made_of_words_that_fit_in_many_ways_takes_no_time() -> None:
    before = time.process_time()
    assert not wants_person("我想要" * 33)
    assert wants_person("我想要" * 30 + "人工")
    assert not wants_person("我想要" * 100_000)
    assert time.process_time() - before < 0.5
