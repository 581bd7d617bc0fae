from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from faqbot.encoder import Encoder
from faqbot.knowledge import Entry
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.publishing.publishing import PublishingService
from faqbot.settings import MatchingSettings, StorageSettings
from faqbot.storage import Repository, open_repository

ENTRIES = (
    Entry(
        "refund", "如何申请退款？", ("我想退钱", "不想要了怎么办"), "在订单页点「申请退款」。", "zh", "退款", ("售后",)
    ),
    Entry(
        "refund.en", "How do I get a refund?", ("I want my money back",), "Open the order, tap Refund.", "en", "退款"
    ),
    Entry("invoice", "怎么开发票？", ("要发票", "开票流程"), "在订单页点「开发票」。", "zh", "发票"),
    Entry("hours", "客服几点上班？", ("人工客服时间",), "每天 9 点到 21 点。", "zh", "客服", (), enabled=False),
)


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    with open_repository(StorageSettings(database_url=f"sqlite:///{tmp_path}/faqbot.db")) as opened:
        yield opened


@pytest.fixture
def publishing(repository: Repository, compact_encoder: Encoder) -> PublishingService:
    return PublishingService(repository, lambda: compact_encoder)


@pytest.fixture
def published(repository: Repository, compact_encoder: Encoder) -> PublishedKnowledge:
    return PublishedKnowledge(repository, compact_encoder)


@pytest.fixture
def answering(
    repository: Repository,
    publishing: PublishingService,
    published: PublishedKnowledge,
    compact_encoder: Encoder,
) -> AnswerService:
    repository.apply(put=ENTRIES, delete=[])
    publishing.publish()
    published.refresh()
    return AnswerService(compact_encoder, published, MatchingSettings())
