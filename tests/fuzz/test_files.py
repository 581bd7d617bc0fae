"""Whatever a file holds, it becomes entries that can be kept, errors of its rows, or one error of ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from faqbot.evaluation.queries import read_queries
from faqbot.formats import FORMATS, read_bytes, to_bytes
from faqbot.language import shown
from faqbot.settings import load_settings
from tests.contracts.test_formats import FULL
from tests.fuzz.mutations import EXAMPLES, mutated, mutated_zips, outcome
from tests.integration.web.shop import ENTRIES
from tests.unit.formats.vendors.test_chinese_platforms import WEIXIN
from tests.unit.formats.vendors.test_odd_values import CHAT, INTENT, PAIR
from tests.unit.formats.vendors.test_qna_maker import TSV
from tests.unit.formats.vendors.test_qnabot import EXPORT

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = {name: to_bytes(name, (*ENTRIES, FULL)) for name in FORMATS}
VENDORS = [
    json.dumps(document, ensure_ascii=False).encode()
    for document in (EXPORT, {"qnaDocuments": [PAIR]}, {"data": [INTENT]}, [CHAT])
]
SEEDS = {
    "csv": [WRITTEN["csv"], WRITTEN["csv"].decode("utf-8-sig").encode("gb18030"), WEIXIN.encode()],
    "tsv": [TSV.encode()],
    "json": [WRITTEN["json"], *VENDORS],
    "jsonl": [WRITTEN["jsonl"], json.dumps(CHAT).encode()],
    "yaml": [WRITTEN["yaml"]],
}
QUERIES = '{"query": "多久发货", "gold": "shipping", "lang": "zh"}\n{"query": "?", "gold": null, "golds": ["a", "b"]}\n'


def _check_entries(data: bytes, name: str) -> None:
    parsed = outcome(lambda: read_bytes(data, name))
    if parsed is None:
        return
    for fault in parsed.errors:
        assert shown(fault.message) == fault.message
        json.dumps([fault.column, fault.message], ensure_ascii=False).encode()
    entries = {entry.entry_id: entry for _, entry in parsed.entries}
    for entry in entries.values():
        json.dumps([entry.entry_id, *entry.wordings, entry.answer, *entry.tags], ensure_ascii=False).encode()
        assert "\0" not in entry.entry_id + entry.answer
    if entries:
        again = read_bytes(to_bytes("jsonl", list(entries.values())), "faq.jsonl")
        assert [entry for _, entry in again.entries] == list(entries.values())


@pytest.mark.parametrize("ending", SEEDS)
def test_any_bytes_of_a_text_file_become_entries_or_a_refusal(ending: str) -> None:
    @EXAMPLES
    @given(mutated(SEEDS[ending]) | st.binary(max_size=300))
    def check(data: bytes) -> None:
        _check_entries(data, f"faq.{ending}")

    check()


@EXAMPLES
@given(mutated_zips(WRITTEN["xlsx"]) | mutated([WRITTEN["xlsx"]]) | st.binary(max_size=300))
def test_any_bytes_of_a_workbook_become_entries_or_a_refusal(data: bytes) -> None:
    _check_entries(data, "faq.xlsx")


@EXAMPLES
@given(name=st.text(max_size=40) | st.sampled_from(["\0.csv", "../../etc/passwd.csv", "a\n.csv", "\ud800.csv", ".csv"]))
def test_any_name_of_a_file_is_taken_or_refused(name: str) -> None:
    outcome(lambda: read_bytes(b"question,answer\nq,a\n", name))


def test_any_bytes_of_a_file_of_questions_become_questions_or_a_refusal(tmp_path: Path) -> None:
    @EXAMPLES
    @given(mutated([QUERIES.encode()]) | st.binary(max_size=300))
    def check(data: bytes) -> None:
        path = tmp_path / "queries.jsonl"
        path.write_bytes(data)
        for query in outcome(lambda: read_queries(path)) or ():
            json.dumps([query.text, *query.golds, query.language], ensure_ascii=False).encode()
            assert query.text

    check()


def test_any_bytes_of_a_settings_file_become_settings_or_a_refusal(tmp_path: Path) -> None:
    valid = (ROOT / "config.yaml").read_bytes()
    small = yaml.safe_dump({"web": {"port": 7860}, "matching": {"candidates": 20}, "limits": None}).encode()

    @EXAMPLES
    @given(mutated([valid, small, small]) | st.binary(max_size=300))
    def check(data: bytes) -> None:
        path = tmp_path / "config.yaml"
        path.write_bytes(data)
        outcome(lambda: load_settings(path, {}))

    check()
