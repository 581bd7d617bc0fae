from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from faqbot.matching.model.prior import Prior, load_prior, read_prior, shipped_prior

COMPACT = "compact:22d68b5c61d4a82a"
"""The fingerprint of the compact model as it ships, whose vectors the prior's record names."""


def test_the_compact_model_has_a_metric_and_any_other_model_the_generic_prior() -> None:
    compact = load_prior(COMPACT)
    assert compact.metric is not None
    assert compact.metric.shape == (384, 384)
    generic = load_prior("BAAI/bge-m3:0123456789abcdef")
    assert generic.name == "generic"
    assert generic.metric is None
    assert set(generic.weights) == {"logistic", "closed_form"}


@pytest.mark.parametrize("name", ["compact", "generic", "../priors/compact", ""])
def test_a_model_with_other_vectors_gets_the_generic_prior_whatever_it_is_called(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert load_prior(f"{name}:0123456789abcdef").name == "generic"
    # Whoever calls a model like a prior may wonder why the prior is not taken.
    assert [f"({name}:0123456789abcdef)" in record.message for record in caplog.records] == [True] * (name == "compact")


def test_a_prior_survives_writing_and_reading(tmp_path: Path) -> None:
    prior = shipped_prior("compact")
    prior.save(tmp_path / "again.npz")
    again = read_prior(tmp_path / "again.npz")
    assert again.metric is not None
    assert np.array_equal(again.metric, prior.metric)  # type: ignore[arg-type]
    assert np.array_equal(again.weights["logistic"].topic, prior.weights["logistic"].topic)


def test_a_prior_for_other_evidence_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.npz"
    prior = shipped_prior("generic")
    Prior("old", None, prior.weights).save(path)
    with np.load(path) as arrays:
        kept = dict(arrays)
    kept["features"] = np.array(["else", *kept["features"][1:]])
    np.savez(path, **kept)
    with pytest.raises(ValueError, match="train_prior"):
        read_prior(path)


def test_the_shipped_files_stay_small() -> None:
    folder = Path(__file__).parents[4] / "faqbot" / "matching" / "model" / "priors"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 1_500_000
