from __future__ import annotations

from dataclasses import replace

from faqbot.storage import AskedQuestion, Storage

QUESTION = AskedQuestion(
    "r1", "怎么退款", "answer", "refund", 0.93, 1, "api", "zh", "5e55", "2026-01-01T00:00:00.000000+00:00"
)


def texts(questions: list[AskedQuestion]) -> list[str]:
    return [question.text for question in questions]


def test_only_the_last_questions_remain_and_numbers_go_on(storage: Storage) -> None:
    storage.questions.add([replace(QUESTION, text=str(n)) for n in range(5)], keep=3)
    assert texts(storage.questions.last()) == ["4", "3", "2"]
    storage.questions.add([], keep=0)
    assert storage.questions.last() == []
    storage.questions.add([QUESTION], keep=3)
    [kept] = storage.questions.last()
    assert kept == replace(QUESTION, number=kept.number)
    assert kept.number > 5


def test_pages_continue_behind_a_number_and_keep_to_the_verdict(storage: Storage) -> None:
    verdicts = ["answer", "fallback", "answer", "fallback", "fallback"]
    storage.questions.add(
        [replace(QUESTION, text=str(n), verdict=verdict) for n, verdict in enumerate(verdicts)], keep=9
    )
    first = storage.questions.last(verdict="fallback", limit=2)
    assert texts(first) == ["4", "3"]
    assert texts(storage.questions.last(verdict="fallback", after=first[-1].number, limit=2)) == ["1"]


def test_a_secret_is_made_once_and_differs_by_name(storage: Storage) -> None:
    assert len(storage.secrets.get("one")) == 32
    assert storage.secrets.get("one") == storage.secrets.get("one")
    assert storage.secrets.get("one") != storage.secrets.get("two")
