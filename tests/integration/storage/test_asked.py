from __future__ import annotations

from dataclasses import replace

from faqbot.storage import AskedQuestion, Repository

QUESTION = AskedQuestion(
    "r1", "怎么退款", "answer", "refund", 0.93, 1, "api", "zh", "5e55", "2026-01-01T00:00:00.000000+00:00"
)


def texts(questions: list[AskedQuestion]) -> list[str]:
    return [question.text for question in questions]


def test_only_the_last_questions_remain_and_numbers_go_on(repository: Repository) -> None:
    repository.add_asked([replace(QUESTION, text=str(n)) for n in range(5)], keep=3)
    assert texts(repository.list_asked()) == ["4", "3", "2"]
    repository.add_asked([], keep=0)
    assert repository.list_asked() == []
    repository.add_asked([QUESTION], keep=3)
    [kept] = repository.list_asked()
    assert kept == replace(QUESTION, number=kept.number)
    assert kept.number > 5


def test_pages_continue_behind_a_number_and_keep_to_the_verdict(repository: Repository) -> None:
    verdicts = ["answer", "fallback", "answer", "fallback", "fallback"]
    repository.add_asked(
        [replace(QUESTION, text=str(n), verdict=verdict) for n, verdict in enumerate(verdicts)], keep=9
    )
    first = repository.list_asked(verdict="fallback", limit=2)
    assert texts(first) == ["4", "3"]
    assert texts(repository.list_asked(verdict="fallback", after=first[-1].number, limit=2)) == ["1"]


def test_a_secret_is_made_once_and_differs_by_name(repository: Repository) -> None:
    assert len(repository.secret("one")) == 32
    assert repository.secret("one") == repository.secret("one")
    assert repository.secret("one") != repository.secret("two")
