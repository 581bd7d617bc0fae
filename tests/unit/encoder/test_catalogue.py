from __future__ import annotations

from pathlib import Path

import pytest

from faqbot.encoder.catalogue import describe_model, list_models
from faqbot.errors import ModelUnavailable
from faqbot.settings import EncoderSettings


def _settings(cache: Path, model: str = "auto") -> EncoderSettings:
    return EncoderSettings(model=model, cache_dir=cache)


def test_the_two_models_are_listed_with_their_facts(tmp_path: Path) -> None:
    compact, bge_m3 = list_models(_settings(tmp_path)).models
    assert (compact.name, compact.licence, compact.dimension, compact.pooling) == ("compact", "MIT", 384, "mean")
    assert (bge_m3.name, bge_m3.licence, bge_m3.dimension, bge_m3.pooling) == ("BAAI/bge-m3", "MIT", 1024, "cls")
    assert not compact.is_present


def test_a_model_that_the_settings_name_is_listed_too(tmp_path: Path) -> None:
    *_, other = list_models(_settings(tmp_path, "someone/model")).models
    assert (other.name, other.is_present, other.dimension) == ("someone/model", False, None)


def test_a_name_that_means_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="There is no model 'nonsense'"):
        describe_model("nonsense", _settings(tmp_path))
