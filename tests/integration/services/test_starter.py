"""The first start: it gives customers the starter knowledge base, and whatever fails can be mended over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from faqbot.bootstrap import Container, open_services
from faqbot.encoder import Encoder
from faqbot.errors import NotReady, PublishRefused
from faqbot.services.publishing.draft_checks import DraftChecks
from faqbot.settings import Settings, StorageSettings


@pytest.fixture
def container(tmp_path: Path, compact_encoder: Encoder) -> Iterator[Container]:
    opened = Container(Settings(storage=StorageSettings(database_url=f"sqlite:///{tmp_path}/faqbot.db")))
    opened.__dict__["encoder"] = compact_encoder
    yield opened
    opened.storage.close()


def test_the_starter_knowledge_base_passes_every_check_at_the_first_start(container: Container) -> None:
    assert container.load_starter()
    assert container.publish_starter()
    [version] = container.publishing.versions()
    assert version.entries == container.storage.draft.count()
    findings = container.publishing.version_checks(version.number).findings
    assert findings
    # The override is for other models; with ours nothing needs it.
    assert [finding.code for finding in findings if finding.severity == "blocking"] == []


def test_workers_that_start_together_publish_the_starter_once(
    container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    container.load_starter()
    publishing, check_learned = container.publishing, DraftChecks.check_learned

    def slowly(self: DraftChecks, *arguments: object) -> object:
        # The other worker is done while this one still checks.
        monkeypatch.setattr(DraftChecks, "check_learned", check_learned)
        assert container.publish_starter()
        return check_learned(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(DraftChecks, "check_learned", slowly)
    assert not container.publish_starter()
    assert [version.number for version in publishing.versions()] == [1]


def test_a_refused_publication_does_not_keep_admins_out(container: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_container: Container) -> bool:
        raise PublishRefused("1 finding stops the publication.")

    monkeypatch.setattr(Container, "publish_starter", refuse)
    services = open_services(container)
    try:
        assert services.draft.count() == 0
        with pytest.raises(NotReady):
            services.answering.ask("怎么退款")
    finally:
        services.published.stop()
        services.question_log.close()
