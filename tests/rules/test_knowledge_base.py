"""The starter knowledge base keeps what the README promises."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from faqbot.evaluation.queries import read_queries
from faqbot.formats import read_rows
from faqbot.knowledge import Entry, match_key
from faqbot.services.conversation.handoff import wants_person
from faqbot.services.conversation.service_desk import ServiceDesk, read_everyday, read_service_desk

FOLDER = Path(__file__).resolve().parents[2] / "knowledge_base"


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    parsed = read_rows(FOLDER / "starter.yaml")
    assert not parsed.errors
    return [entry for _, entry in parsed.entries]


def test_ten_categories_and_at_least_a_hundred_chinese_entries(entries: list[Entry]) -> None:
    chinese = [entry for entry in entries if entry.language == "zh"]
    assert len({entry.category for entry in entries}) == 10
    assert len(chinese) >= 100


def test_at_least_twenty_entries_are_also_in_english(entries: list[Entry]) -> None:
    languages = Counter(entry.topic for entry in entries)
    assert sum(count == 2 for count in languages.values()) >= 20


def test_every_entry_has_an_answer_and_five_to_eight_similar_questions(entries: list[Entry]) -> None:
    for entry in entries:
        assert entry.answer.strip(), entry.entry_id
        assert 5 <= len(entry.similar_questions) <= 8, entry.entry_id


def test_no_wording_stands_in_two_entries(entries: list[Entry]) -> None:
    owners: dict[str, str] = {}
    for entry in entries:
        for wording in entry.wordings:
            assert owners.setdefault(match_key(wording), entry.entry_id) == entry.entry_id, wording


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "jsonl"])
def test_every_format_holds_the_same_entries(entries: list[Entry], ending: str) -> None:
    parsed = read_rows(FOLDER / f"starter.{ending}")
    assert not parsed.errors
    assert [entry for _, entry in parsed.entries] == entries


def test_labelled_questions_name_entries_that_exist_and_repeat_no_wording(entries: list[Entry]) -> None:
    ids = {entry.entry_id for entry in entries}
    wordings = {match_key(wording) for entry in entries for wording in entry.wordings}
    queries = read_queries(FOLDER / "questions.jsonl")
    assert len(queries) >= 300
    assert all(query.golds <= ids for query in queries)
    assert sum(not query.golds for query in queries) >= len(queries) / 3
    repeated = [query.text for query in queries if match_key(query.text) in wordings]
    assert repeated == []


@pytest.fixture(scope="module")
def desk() -> ServiceDesk:
    return read_service_desk(FOLDER / "service_desk.yaml")


def test_what_the_service_desk_hears_is_told_apart_and_is_nothing_that_the_starter_answers(
    entries: list[Entry], desk: ServiceDesk
) -> None:
    wordings = [match_key(one) for topic in desk.topics.values() for ws in topic.wordings.values() for one in ws]
    assert {name: count for name, count in Counter(wordings).items() if count > 1} == {}
    assert not set(wordings) & {match_key(wording) for entry in entries for wording in entry.wordings}


def test_every_topic_has_a_reply_in_both_languages_and_those_known_by_meaning_speak_twelve(desk: ServiceDesk) -> None:
    assert {tuple(topic.reply) for topic in desk.topics.values()} == {("zh", "en")}
    assert all(len(topic.wordings) >= 12 for topic in desk.topics.values() if topic.by_meaning)


def test_no_question_that_has_an_answer_is_taken_for_a_topic_of_the_service_desk(desk: ServiceDesk) -> None:
    questions = [query.text for query in read_queries(FOLDER / "questions.jsonl") if query.golds]
    assert [text for text in questions if desk.find(text) or wants_person(text)] == []


def test_everyday_questions_are_many_and_repeat_no_topic_and_nothing_that_measures(desk: ServiceDesk) -> None:
    everyday = [match_key(text) for text in read_everyday(FOLDER / "everyday.txt")]
    taken = {match_key(wording) for _topic, wording in desk.meant}
    taken |= {match_key(query.text) for query in read_queries(FOLDER / "questions.jsonl")}
    assert len(set(everyday)) > 3000
    assert set(everyday) & taken == set()
