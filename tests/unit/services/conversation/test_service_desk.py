from __future__ import annotations

from pathlib import Path

import pytest

from faqbot.errors import SettingsError
from faqbot.services.conversation.service_desk import DeskTopic, ServiceDesk, read_service_desk

WORDINGS = ["hello", "thank you", "good morning", "thanks"]
HELLO = DeskTopic("greeting", {"en": WORDINGS}, {"en": "Hello!"}, by_meaning=True)
THANKS = DeskTopic("thanks", {"zh": ["谢谢", "👍"]}, {"zh": "不客气"})
DESK = ServiceDesk([HELLO, THANKS])


@pytest.mark.parametrize(
    "text", ["hello", " HELLO!! ", "hellooo", "Thank you.", "thank yuo", "goodmorning", "god morning"]
)
def test_case_punctuation_lengthened_letters_and_one_slip_in_a_long_wording_do_not_count(text: str) -> None:
    assert DESK.find(text) == (HELLO, "en")


@pytest.mark.parametrize("text", ["谢谢", "谢谢啦～", "谢谢谢谢", "👍👍"])
def test_chinese_wordings_may_be_repeated_and_softened(text: str) -> None:
    assert DESK.find(text) == (THANKS, "zh")


@pytest.mark.parametrize(
    "text",
    ["hello, where is my order", "tanks", "hell", "谢谢你们什么时候发货", "感谢信怎么写", "啊", "thankyou card"],
)
def test_whatever_is_more_or_other_than_a_wording_is_not_recognised_by_the_letter(text: str) -> None:
    assert DESK.find(text) is None


def test_only_the_topics_that_say_so_are_recognised_by_meaning() -> None:
    assert DESK.meant == [("greeting", wording) for wording in WORDINGS]


@pytest.mark.parametrize(
    "topics",
    ["hello: {wordings: {en: [hello]}, reply: {zh: 好, en: Hi}}", "person: {wordings: {en: [agent]}, reply: {zh: 好}}"],
)
def test_a_file_without_a_way_to_a_person_or_a_reply_is_refused(tmp_path: Path, topics: str) -> None:
    (tmp_path / "desk.yaml").write_text(topics, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"desk\.yaml: it needs a topic 'person'"):
        read_service_desk(tmp_path / "desk.yaml")
