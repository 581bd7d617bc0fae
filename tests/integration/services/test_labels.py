"""Labelled questions are part of the version that was learned from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from faqbot.encoder import Encoder
from faqbot.services.answering.learning import PastQuestions, learn
from faqbot.services.answering.loading import load_snapshot
from faqbot.services.answering.vectors import FreshVectors
from faqbot.services.publishing.publishing import PublishingService
from faqbot.settings import StorageSettings
from faqbot.storage import LabelledQuestion, Storage, open_storage
from tests.integration.services.conftest import ENTRIES

SLANG = "钱能还我不"
LABELS = [
    LabelledQuestion("钱还我行不行", frozenset({"refund"})),
    LabelledQuestion("把鈔票還給我", frozenset({"refund"})),
    LabelledQuestion("能借我钱吗", frozenset()),
]


@pytest.fixture
def taught(storage: Storage, publishing: PublishingService) -> Storage:
    storage.draft.apply(put=ENTRIES, delete=[])
    storage.labels.replace(LABELS)
    publishing.publish()
    return storage


def sure(storage: Storage, encoder: Encoder, text: str) -> float:
    """How sure the current version is that the refund is asked for."""
    decider = load_snapshot(storage.versions, storage.vectors, encoder, storage.versions.current()[0] or 0).decider
    return decider.matcher.rank(text, encoder.encode([text])[0]).confidence_of("refund")


def test_people_teach_what_customers_get(storage: Storage, taught: Storage, compact_encoder: Encoder) -> None:
    untaught = learn([entry for entry in ENTRIES if entry.enabled], FreshVectors(compact_encoder)).decider
    encoding = compact_encoder.encode([SLANG])[0]
    assert sure(taught, compact_encoder, SLANG) > untaught.matcher.rank(SLANG, encoding).confidence_of("refund")
    # No wording: it is neither searched as one nor shown.
    snapshot = load_snapshot(storage.versions, storage.vectors, compact_encoder, 1)
    assert len(snapshot.decider.index) == sum(len(entry.wordings) for entry in ENTRIES if entry.enabled)
    assert not snapshot.decider.index.exact(LABELS[0].text)


def test_a_version_keeps_its_labels_whatever_becomes_of_them(taught: Storage, compact_encoder: Encoder) -> None:
    # As they were encoded: simplified, as the entries are; in the order of their keys.
    kept = taught.versions.get(1).learned
    assert kept is not None
    assert {(one.text, one.entry_ids) for one in kept.labelled} == {
        ("钱还我行不行", frozenset({"refund"})),
        ("把钞票还给我", frozenset({"refund"})),
        ("能借我钱吗", frozenset()),
    }
    before = sure(taught, compact_encoder, SLANG)
    taught.labels.replace([])
    assert taught.vectors.prune().removed == 0
    assert sure(taught, compact_encoder, SLANG) == pytest.approx(before)


def test_going_back_brings_back_what_people_had_said(
    taught: Storage, publishing: PublishingService, compact_encoder: Encoder
) -> None:
    before = sure(taught, compact_encoder, SLANG)
    taught.labels.replace([])
    publishing.publish()
    forgotten = sure(taught, compact_encoder, SLANG)
    publishing.rollback(1)
    assert sure(taught, compact_encoder, SLANG) == pytest.approx(before)
    assert forgotten < before


def test_a_backup_holds_the_labels_of_its_versions(taught: Storage, compact_encoder: Encoder, tmp_path: Path) -> None:
    taught.backups.write(tmp_path / "all.zip")
    with open_storage(StorageSettings(database_url=f"sqlite:///{tmp_path}/other.db")) as other:
        other.backups.restore(tmp_path / "all.zip")
        assert other.versions.get(1).learned == taught.versions.get(1).learned
        assert sure(other, compact_encoder, SLANG) == pytest.approx(sure(taught, compact_encoder, SLANG))


def test_labels_are_encoded_once(taught: Storage, publishing: PublishingService, compact_encoder: Encoder) -> None:
    stored = taught.vectors.counts()[compact_encoder.info.fingerprint]
    publishing.publish()
    assert taught.vectors.counts()[compact_encoder.info.fingerprint] == stored


def test_without_labels_nothing_is_kept_beside_a_version(storage: Storage, publishing: PublishingService) -> None:
    storage.draft.apply(put=ENTRIES, delete=[])
    publishing.publish()
    kept = storage.versions.get(1).learned
    assert kept is not None
    assert kept.labelled == ()


def test_past_questions_reach_the_snapshot_as_they_were_spelt(compact_encoder: Encoder) -> None:
    enabled = [entry for entry in ENTRIES if entry.enabled]
    snapshot = learn(enabled, FreshVectors(compact_encoder), PastQuestions(labelled=[LABELS[1]]))
    assert snapshot.labelled == (LabelledQuestion("把钞票还给我", frozenset({"refund"})),)
