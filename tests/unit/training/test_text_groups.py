"""What counts as wordings of one entry."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from training import text_groups
from training.text_groups import read_text_sets


def _write(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One small file of each kind."""
    for name in ("hwu64_en", "bitext_support_en"):
        entries: list[dict[str, object]] = [
            {"id": "a", "question": "Play", "similar": ["Play it", "PLAY!"]},
            {"id": "b", "question": "Stop"},
        ]
        _write(tmp_path / name / "kb20_full.jsonl", entries)
        queries: list[dict[str, object]] = [
            {"query": "start it", "gold": "a"},
            {"query": "Play it.", "gold": "b"},
            {"query": "?", "gold": None},
        ]
        _write(tmp_path / name / "queries_full.jsonl", queries)
    for name in ("xsid_multi", "tatoeba_zh_en"):
        _write(tmp_path / name / "parallel.jsonl", [{"id": "x", "en": "Hello", "zh": "你好"}])
    for name in ("nlpjs_multi", "letsencrypt_multi"):
        _write(tmp_path / name / "kb.jsonl", [{"id": "a", "question": "Hello"}])
        _write(tmp_path / name / "kb_de.jsonl", [{"id": "a", "question": "Hallo"}])
        _write(tmp_path / name / "queries.jsonl", [])
    pairs = [("a", "b", 1), ("c", "d", 1), ("d", "b", 1), ("e", "f", 0), ("g", "h", 1)]
    rows = [{"a": one, "b": other, "label": label} for one, other, label in pairs]
    _write(tmp_path / "covidfaq_deepset_multi" / "pairs.jsonl", rows)
    return tmp_path


def test_wordings_of_an_entry_translations_and_connected_paraphrases_are_groups(data: Path) -> None:
    groups = {one.name: one.groups for one in read_text_sets(data)}
    # "PLAY!" repeats "Play"; "Play it." is claimed by entry a already; entry b is left with one wording: no group.
    assert groups["hwu64_en"] == (("Play", "Play it", "start it"),)
    assert groups["tatoeba_zh_en"] == (("Hello", "你好"),)
    assert groups["letsencrypt_multi"] == (("Hello", "Hallo"),)
    assert sorted(sorted(group) for group in groups["covidfaq_deepset_multi"]) == [["a", "b", "c", "d"], ["g", "h"]]


def test_our_own_faq_is_read_with_its_translations_and_not_its_labelled_questions(data: Path) -> None:
    (starter,) = [one for one in read_text_sets(data) if one.name == "starter"]
    together = [group for group in starter.groups if "如何取消订单?" in group]
    assert len(together) == 1
    assert "How do I cancel my order?" in together[0]
    questions = (text_groups._STARTER.parent / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = {json.loads(line)["query"] for line in questions}
    known = {text for group in starter.groups for text in group}
    assert asked
    assert not asked & known


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="hwu64_en"):
        read_text_sets(tmp_path)
