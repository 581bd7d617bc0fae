"""The first start: the starter knowledge base has to pass every check with the model that ships."""

from __future__ import annotations

from pathlib import Path

from faqbot.bootstrap import Workshop
from faqbot.settings import EncoderSettings, Settings, StorageSettings


def test_the_starter_knowledge_base_is_published_at_the_first_start(tmp_path: Path) -> None:
    workshop = Workshop(
        Settings(
            storage=StorageSettings(database_url=f"sqlite:///{tmp_path}/faqbot.db"),
            encoder=EncoderSettings(model="compact", device="cpu"),
        )
    )
    try:
        assert workshop.load_starter()
        assert workshop.publish_starter()
        [version] = workshop.publishing.versions()
        assert version.entries == workshop.curation.count()
    finally:
        workshop.repository.close()
