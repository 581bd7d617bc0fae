from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from faqbot.encoder import Caller, Encoder, EncoderInfo, Encoding, Progress
from faqbot.encoder.unrelated import UNRELATED_TEXTS
from faqbot.errors import EditConflict, EncodingFailed, ModelMismatch, PublishRefused, VersionNotFound
from faqbot.knowledge import Entry, wordings_of
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.answering.vectors import StoredVectors, texts_of
from faqbot.services.publishing.publishing import PublishingService
from faqbot.settings import MatchingSettings
from faqbot.storage import Storage, checksum_of
from tests.integration.container import container_of
from tests.integration.services.conftest import ENTRIES


class CountingEncoder:
    """The real encoder, with a count of the texts that pass, a fingerprint to choose, and a text to fail at."""

    def __init__(
        self, encoder: Encoder, *, fingerprint: str | None = None, model: str = "other", fail_at: str | None = None
    ) -> None:
        self._encoder = encoder
        self._fingerprint = fingerprint
        self._model = model
        self._fail_at = fail_at
        self.texts: list[str] = []

    @property
    def info(self) -> EncoderInfo:
        info = self._encoder.info
        return replace(info, fingerprint=self._fingerprint, model=self._model) if self._fingerprint else info

    def encode(
        self, texts: Sequence[str], progress: Progress | None = None, caller: Caller | None = None
    ) -> list[Encoding]:
        if self._fail_at in texts:
            raise EncodingFailed("The machine was switched off.")
        # What a model's scale is measured with is no part of the knowledge base.
        self.texts += [text for text in texts if text not in UNRELATED_TEXTS]
        return self._encoder.encode(texts, progress)

    def tokens(self, text: str) -> list[tuple[int, str]]:
        return self._encoder.tokens(text)


def test_publishing_encodes_only_what_changed(storage: Storage, compact_encoder: Encoder) -> None:
    encoder = CountingEncoder(compact_encoder)
    publishing = container_of(storage, encoder).publishing
    storage.draft.apply(put=ENTRIES, delete=[])
    publishing.publish()
    assert len(encoder.texts) == 8
    encoder.texts.clear()
    storage.draft.apply(put=[replace(ENTRIES[0], similar_questions=("我想退钱", "全新的说法"))], delete=[])
    publishing.publish()
    assert encoder.texts == ["全新的说法"]


def test_an_interrupted_run_resumes_where_it_stopped(
    storage: Storage, compact_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("faqbot.services.answering.vectors._CHUNK", 2)
    storage.draft.apply(put=ENTRIES[:1], delete=[])
    broken = CountingEncoder(compact_encoder, fail_at="我想退钱")
    with pytest.raises(EncodingFailed):
        container_of(storage, broken).publishing.publish()
    assert storage.versions.all() == []
    resumed = CountingEncoder(compact_encoder)
    container_of(storage, resumed).publishing.publish()
    assert resumed.texts == ["我想退钱"]


def test_a_job_is_encoded_longest_first_over_all_chunks(
    storage: Storage, compact_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("faqbot.services.answering.vectors._CHUNK", 2)
    encoder = CountingEncoder(compact_encoder)
    entries = [Entry(text, text) for text in ("短", "这是最长的一个问题", "中等长", "较长的问题")]
    told: list[tuple[int, int]] = []
    StoredVectors(storage.vectors, encoder).prepare(texts_of(entries), lambda *step: told.append(step))
    assert encoder.texts == ["这是最长的一个问题", "较长的问题", "中等长", "短"]
    assert told == [(2, 4), (4, 4)]


def test_edits_reach_customers_only_by_publishing(
    answering: AnswerService, storage: Storage, publishing: PublishingService, published: PublishedKnowledge
) -> None:
    storage.draft.apply(put=[replace(ENTRIES[0], answer="新的答案")], delete=[])
    published.refresh()
    assert answering.ask("如何申请退款？").answer == "在订单页点「申请退款」。"
    publishing.publish()
    published.refresh()
    assert answering.ask("如何申请退款？").answer == "新的答案"
    assert publishing.rollback().number == 1
    published.refresh()
    assert answering.ask("如何申请退款？").answer == "在订单页点「申请退款」。"


def test_a_request_keeps_the_snapshot_it_began_with(
    answering: AnswerService, storage: Storage, publishing: PublishingService, published: PublishedKnowledge
) -> None:
    before = published.snapshot
    storage.draft.apply(put=[replace(ENTRIES[0], answer="新的答案")], delete=[])
    publishing.publish()
    published.refresh()
    assert before.entries["refund"].answer == "在订单页点「申请退款」。"
    assert published.snapshot.version == 2


def test_going_back_leads_to_what_customers_had_and_not_to_what_was_taken_back(
    storage: Storage, publishing: PublishingService
) -> None:
    storage.draft.apply(put=ENTRIES)
    for _ in range(3):
        publishing.publish()
    assert publishing.rollback().number == 2, "version 3 was a mistake"
    assert publishing.publish().number == 4
    assert publishing.rollback().number == 2
    assert publishing.rollback().number == 1
    with pytest.raises(VersionNotFound, match="no version before"):
        publishing.rollback()


@pytest.mark.parametrize("meanwhile", ["publish", "rollback"])
def test_a_publication_that_somebody_else_overtook_is_a_conflict_and_not_written_over(
    answering: AnswerService,
    storage: Storage,
    compact_encoder: Encoder,
    publishing: PublishingService,
    meanwhile: str,
) -> None:
    del answering  # version 1 is published
    publishing.publish()
    late = container_of(storage, compact_encoder).publishing

    def overtake(stage: str, _done: int, _total: int) -> None:
        if stage == "checking" and storage.versions.current()[1] == 2:
            getattr(publishing, meanwhile)()

    with pytest.raises(EditConflict, match="Somebody else has given customers version"):
        late.publish(progress=overtake)
    expected = {"publish": (3, 3), "rollback": (2, 1)}[meanwhile]
    assert (len(publishing.versions()), storage.versions.current()[0]) == expected


def test_going_back_loads_nothing_again(
    answering: AnswerService, storage: Storage, publishing: PublishingService, published: PublishedKnowledge
) -> None:
    first = published.snapshot
    publishing.publish()
    published.refresh()
    second = published.snapshot
    for version, snapshot in ((1, first), (2, second), (1, first)):
        publishing.rollback(version)
        published.refresh()
        assert published.snapshot is snapshot


@pytest.mark.parametrize("entries", [(), (replace(ENTRIES[0], enabled=False),)])
def test_an_empty_draft_is_not_published(
    storage: Storage, publishing: PublishingService, entries: tuple[Entry, ...]
) -> None:
    storage.draft.apply(put=entries, delete=[])
    with pytest.raises(PublishRefused, match="no enabled entry"):
        publishing.publish()


def test_an_entry_without_an_answer_stops_the_publishing_and_is_named(
    answering: AnswerService, storage: Storage, publishing: PublishingService
) -> None:
    storage.draft.apply(put=[replace(ENTRIES[2], answer=" ")], delete=[])
    with pytest.raises(PublishRefused, match="invoice"):
        publishing.publish()
    assert [version.number for version in publishing.versions()] == [1]


def test_rollback_without_an_earlier_version_or_to_an_unknown_one_is_refused(
    answering: AnswerService, publishing: PublishingService
) -> None:
    with pytest.raises(VersionNotFound, match="before the current one"):
        publishing.rollback()
    with pytest.raises(VersionNotFound, match="There is no version 9; there are: 1"):
        publishing.rollback(9)


def test_vectors_of_another_model_are_refused_with_the_command_that_mends_it(
    answering: AnswerService, storage: Storage, compact_encoder: Encoder
) -> None:
    other = CountingEncoder(compact_encoder, fingerprint="other:1")
    with pytest.raises(ModelMismatch, match="faqbot publish"):
        PublishedKnowledge(storage.versions, storage.vectors, other).refresh()
    container_of(storage, other).publishing.publish()
    again = PublishedKnowledge(storage.versions, storage.vectors, other)
    again.refresh()
    assert AnswerService(other, again, MatchingSettings()).ask("我想退钱").entry_id == "refund"


def test_rollback_to_a_version_of_another_model_is_refused(
    answering: AnswerService, storage: Storage, compact_encoder: Encoder
) -> None:
    publishing = container_of(storage, CountingEncoder(compact_encoder, fingerprint="other:1")).publishing
    publishing.publish()
    with pytest.raises(ModelMismatch, match="publish again"):
        publishing.rollback()


def test_missing_vectors_are_noticed(storage: Storage, compact_encoder: Encoder) -> None:
    entries = list(ENTRIES[:1])
    info = compact_encoder.info
    storage.versions.add(entries, fingerprint=info.fingerprint, model=info.model, note="", learned=None)
    with pytest.raises(ModelMismatch, match="have no vectors"):
        PublishedKnowledge(storage.versions, storage.vectors, compact_encoder).refresh()
    assert storage.vectors.missing(info.fingerprint, [checksum_of(wording.text) for wording in wordings_of(entries)])
