"""Token ids against `transformers`, whose tokenizers the models were trained with."""

from __future__ import annotations

from pathlib import Path

import pytest
from transformers import AutoTokenizer

from faqbot.encoder.compact.building import compact_folder
from faqbot.encoder.inference.tokens import load_tokens
from faqbot.settings import EncoderSettings
from tests.contracts.encoder import TEXTS

PROBES = [*TEXTS, "ＡＢＣ１２３ ﬁne ½", "two  spaces   and\ttab", "مرحبا، كيف", "注文した商品が", "</s> <mask> <s>", ""]


@pytest.fixture(params=["compact", "tiny"])
def folder(request: pytest.FixtureRequest, tiny_checkpoint: Path) -> Path:
    return compact_folder(EncoderSettings().cache_dir) if request.param == "compact" else tiny_checkpoint


def test_ids_and_special_ids_are_those_of_transformers(folder: Path) -> None:
    theirs, ours = AutoTokenizer.from_pretrained(folder), load_tokens(folder)
    assert ours.ids(PROBES) == theirs(PROBES)["input_ids"]
    assert ours.special_ids == {theirs.cls_token_id, theirs.eos_token_id, theirs.pad_token_id, theirs.unk_token_id}


def test_a_long_text_is_cut_off_as_transformers_does(folder: Path) -> None:
    text = "refund my order " * 50
    tokens = load_tokens(folder)
    tokens.cut_off_at(10)
    assert (
        tokens.ids([text])[0]
        == AutoTokenizer.from_pretrained(folder)(text, truncation=True, max_length=10)["input_ids"]
    )


def test_a_tokenizer_that_transformers_would_rebuild_is_left_to_it(folder: Path, tmp_path: Path) -> None:
    # As in BGE-M3's own folder: the class keeps pieces and scores of the file and makes the rest anew.
    (tmp_path / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "XLMRobertaTokenizer"}')
    theirs = AutoTokenizer.from_pretrained(tmp_path)
    assert load_tokens(tmp_path).ids(PROBES) == theirs(PROBES)["input_ids"]
