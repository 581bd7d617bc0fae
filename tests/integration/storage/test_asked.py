from __future__ import annotations

from dataclasses import replace

from faqbot.storage import AskedQuestion, Feedback, Storage

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


def test_what_is_too_old_goes_in_batches_and_feedback_with_it(storage: Storage) -> None:
    days = [f"2026-01-0{day}T00:00:00.000000+00:00" for day in range(1, 6)]
    storage.questions.add([replace(QUESTION, text=day, created_at=day) for day in days], keep=9)
    for number, day in enumerate(days):
        storage.feedback.put(Feedback(f"r{number}", day, "none", "", day))
    # Before the fourth: three questions and three opinions, two of each at once.
    assert [storage.questions.expire(days[3], most=2) for _ in range(3)] == [4, 2, 0]
    assert texts(storage.questions.last()) == [days[4], days[3]]
    assert [one.text for one in storage.feedback.last()] == [days[4], days[3]]
    [last, _first] = storage.audit.changes(action="question.expire")
    assert last.before == {"questions": 2}


def test_a_session_is_forgotten_with_its_feedback_whatever_was_said(storage: Storage) -> None:
    rows = [replace(QUESTION, request_id=f"r{n}", session=session) for n, session in enumerate(["a", "a", "b", ""])]
    storage.questions.add(rows, keep=9)
    for row in rows:
        # As opinions were kept before they had a session.
        storage.feedback.put(Feedback(row.request_id, row.text, "none", "", row.created_at))
    assert storage.questions.forget("", ["a", "pseudonym"]) == 2
    assert [one.session for one in storage.questions.last()] == ["", "b"]
    assert [one.request_id for one in storage.feedback.last()] == ["r3", "r2"]


def test_much_feedback_is_dismissed_by_text_and_time(storage: Storage) -> None:
    for number, text in enumerate(["50% off", "50 things", "x"]):
        storage.feedback.put(Feedback(f"r{number}", text, "none", "", f"2026-01-0{number + 1}T00:00:00.000000+00:00"))
    assert storage.feedback.dismiss(matching="50%") == 1
    assert storage.feedback.dismiss(since="2026-01-03") == 1
    assert [one.text for one in storage.feedback.last()] == ["50 things"]


def test_what_traffic_did_last_is_told_until_it_is_taken_back(storage: Storage) -> None:
    assert storage.traffic.last(1) is None
    storage.traffic.note(1, {}, {"share": 0.4})
    storage.traffic.note(1, {}, {"share": 0.5})
    told = storage.traffic.last(1)
    assert told is not None
    assert told.after == {"share": 0.5}
    assert storage.traffic.last(2) is None
    _version, generation = storage.versions.current()
    storage.traffic.reset()
    assert storage.versions.current()[1] == generation + 1
