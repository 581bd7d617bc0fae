"""The starter knowledge base keeps what the README promises."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from faqbot.evaluation.queries import read_queries
from faqbot.formats import read_rows
from faqbot.knowledge import Entry, match_key
from faqbot.services.conversation.chit_chat import read_pack
from faqbot.services.conversation.handoff import wants_person

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


def test_small_talk_is_in_both_languages_and_says_nothing_that_the_starter_answers(entries: list[Entry]) -> None:
    pack = yaml.safe_load((FOLDER / "chit_chat.yaml").read_text(encoding="utf-8"))
    phrases = [match_key(phrase) for topic in pack.values() for part in topic.values() for phrase in part["phrases"]]
    assert {tuple(topic) for topic in pack.values()} == {("zh", "en")}
    assert len(phrases) == len(set(phrases))
    assert not set(phrases) & {match_key(wording) for entry in entries for wording in entry.wordings}


def test_no_question_that_has_an_answer_is_taken_for_small_talk_or_for_a_request_for_a_person() -> None:
    pack = read_pack(FOLDER / "chit_chat.yaml")
    questions = [query.text for query in read_queries(FOLDER / "questions.jsonl") if query.golds]
    assert [text for text in questions if pack.reply_to(text) or wants_person(text)] == []
