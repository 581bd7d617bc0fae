"""What customers get after a backup was restored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from faqbot.encoder import Encoder
from faqbot.encoder.encoding import Encoding
from faqbot.knowledge import Entry
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.publishing.publishing import PublishingService
from faqbot.settings import MatchingSettings, StorageSettings
from faqbot.storage import Storage, open_storage
from tests.integration.container import container_of

QUESTIONS = ("如何申请退款？", "我要把钱退回来", "where is my money", "发票", "今天天气怎么样")


class Counting:
    """The real encoder, which tells how many texts it was given."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.texts = 0

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        self.texts += len(texts)
        return list(self._encoder.encode(texts))

    def __getattr__(self, name: str) -> object:
        return getattr(self._encoder, name)


def test_the_same_question_gets_the_same_reply_and_nothing_is_encoded_again(
    answering: AnswerService, storage: Storage, compact_encoder: Encoder, tmp_path: Path
) -> None:
    before = [answering.ask(question) for question in QUESTIONS]
    storage.backups.write(tmp_path / "backup.zip")
    with open_storage(StorageSettings(database_url=f"sqlite:///{tmp_path}/other.db")) as other:
        other.backups.restore(tmp_path / "backup.zip")
        counting = Counting(compact_encoder)
        published = PublishedKnowledge(other.versions, other.vectors, counting)  # type: ignore[arg-type]
        # Where unrelated texts lie is measured once per process; it has nothing to do with the backup.
        _ = published.scale
        counting.texts = 0
        published.refresh()
        assert counting.texts == 0
        after = [AnswerService(compact_encoder, published, MatchingSettings()).ask(q) for q in QUESTIONS]
    assert after == before


def test_a_process_that_answers_notices_what_was_restored(
    answering: AnswerService, storage: Storage, published: PublishedKnowledge, tmp_path: Path
) -> None:
    storage.backups.write(tmp_path / "backup.zip")
    before = answering.ask("发票")
    storage.backups.restore(tmp_path / "backup.zip", replace=True)
    snapshot = published.snapshot
    published.refresh()
    assert published.snapshot is not snapshot
    assert answering.ask("发票") == before


def test_a_restored_version_is_not_mistaken_for_the_earlier_one_of_its_number(
    answering: AnswerService,
    storage: Storage,
    publishing: PublishingService,
    published: PublishedKnowledge,
    compact_encoder: Encoder,
    tmp_path: Path,
) -> None:
    with open_storage(StorageSettings(database_url=f"sqlite:///{tmp_path}/other.db")) as other:
        other.draft.apply(put=[Entry("refund", "如何申请退款？", (), "别处的答案。", "zh")])
        assert container_of(other, compact_encoder).publishing.publish().number == 1
        other.backups.write(tmp_path / "backup.zip")
    publishing.publish()
    published.refresh()
    storage.backups.restore(tmp_path / "backup.zip", replace=True)
    published.refresh()
    assert answering.ask("如何申请退款？").answer == "别处的答案。"
