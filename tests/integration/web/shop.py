"""A small shop's knowledge base behind a whole application, for tests that speak HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from faqbot.bootstrap import Container, services_of
from faqbot.delivery.outbox import Outbox
from faqbot.encoder.encoding import Encoder
from faqbot.knowledge import Entry
from faqbot.services.admin.keys import Role
from faqbot.services.checks.findings import Override
from faqbot.settings import (
    ConversationSettings,
    LimitsSettings,
    MatchingSettings,
    Settings,
    StorageSettings,
    WebSettings,
)
from faqbot.settings.channels import ChannelsSettings
from faqbot.storage import Storage, open_storage
from faqbot.web.application import create_app
from faqbot.web.services_door import Services

REFUND_ANSWER = "打开「我的订单」，点**申请退款**：\n\n1. 选择商品\n2. 填写原因\n\n审核通过后原路退回。"

ENTRIES = (
    Entry(
        "refund",
        "如何申请退款？",
        ("我不想要了怎么退钱", "退款在哪里申请"),
        REFUND_ANSWER,
        "zh",
        "退款",
        ("热门", "退款"),
    ),
    Entry(
        "refund.en",
        "How do I request a refund?",
        ("Where can I get my money back",),
        "Open **My orders** and choose *Request a refund*.",
        "en",
        "退款",
    ),
    Entry("refund-time", "退款多久到账？", ("钱什么时候退回来",), "1 到 3 个工作日。", "zh", "退款"),
    Entry("shipping", "多久发货？", ("什么时候能寄出",), "48 小时内发货。", "zh", "物流"),
    Entry("invoice", "怎么开发票？", ("发票在哪里下载",), "订单完成后在「发票」页申请。", "zh", "发票"),
)


@dataclass(frozen=True)
class Shop:
    """One application over its own database."""

    app: Flask
    services: Services
    storage: Storage
    keys: dict[Role, str]
    outbox: Outbox

    def client(self, role: Role | None = None) -> FlaskClient:
        """A client that sends the key of a role with every request."""
        client = self.app.test_client()
        if role:
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.keys[role]}"
        return client

    def close(self) -> None:
        self.outbox.close()
        self.services.question_log.close()
        self.services.key_uses.close()
        self.storage.close()


def open_shop(
    folder: Path,
    encoder: Encoder,
    *,
    entries: tuple[Entry, ...] = ENTRIES,
    publish: bool = True,
    overrides: tuple[Override, ...] = (),
    matching: dict[str, Any] | None = None,
    channels: dict[str, Any] | None = None,
    limits: dict[str, Any] | None = None,
    conversation: dict[str, Any] | None = None,
    outbox: Outbox | None = None,
    database_url: str | None = None,
    keep_questions: int = 10_000,
    **web: Any,
) -> Shop:
    """Open a shop whose draft holds the entries, published where asked."""
    settings = Settings(
        matching=MatchingSettings(**(matching or {})),
        storage=StorageSettings(
            database_url=database_url or f"sqlite:///{folder}/shop.db", keep_questions=keep_questions
        ),
        web=WebSettings(**web),
        conversation=ConversationSettings(**(conversation or {})),
        channels=ChannelsSettings(**(channels or {})),
        limits=LimitsSettings(**(limits or {})),
    )
    storage = open_storage(settings.storage)
    container = Container(settings)
    container.storage, container.encoder = storage, encoder
    services = services_of(container)
    storage.draft.apply(put=entries)
    if publish:
        services.publishing.publish("first", overrides=overrides)
        services.published.refresh()
    roles: tuple[Role, ...] = ("ask", "agent", "admin")
    keys = {role: services.keys.create(role).key for role in roles}
    outbox = outbox or Outbox()
    return Shop(create_app(services, settings, outbox), services, storage, keys, outbox)
