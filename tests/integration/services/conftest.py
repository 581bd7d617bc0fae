from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from faqbot.bootstrap import Container
from faqbot.encoder import Encoder
from faqbot.knowledge import Entry
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.publishing.draft_checks import DraftChecks
from faqbot.services.publishing.draft_rehearsals import DraftRehearsals
from faqbot.services.publishing.publishing import PublishingService
from faqbot.settings import MatchingSettings, StorageSettings
from faqbot.storage import Storage, open_storage
from tests.integration.container import container_of

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
def storage(tmp_path: Path) -> Iterator[Storage]:
    with open_storage(StorageSettings(database_url=f"sqlite:///{tmp_path}/faqbot.db")) as opened:
        yield opened


@pytest.fixture
def container(storage: Storage, compact_encoder: Encoder) -> Container:
    return container_of(storage, compact_encoder)


@pytest.fixture
def publishing(container: Container) -> PublishingService:
    return container.publishing


@pytest.fixture
def checks(container: Container) -> DraftChecks:
    return container.checks


@pytest.fixture
def rehearsals(container: Container) -> DraftRehearsals:
    return container.rehearsals


@pytest.fixture
def published(storage: Storage, compact_encoder: Encoder) -> PublishedKnowledge:
    return PublishedKnowledge(storage.versions, storage.vectors, compact_encoder, effects=storage.traffic)


@pytest.fixture
def answering(
    storage: Storage,
    publishing: PublishingService,
    published: PublishedKnowledge,
    compact_encoder: Encoder,
) -> AnswerService:
    storage.draft.apply(put=ENTRIES, delete=[])
    publishing.publish()
    published.refresh()
    return AnswerService(compact_encoder, published, MatchingSettings())
