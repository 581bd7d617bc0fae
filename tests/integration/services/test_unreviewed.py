"""What nobody has reviewed teaches nothing, unless somebody has switched it on."""

from __future__ import annotations

from pathlib import Path

import pytest

from faqbot.bootstrap.container import Container
from faqbot.encoder import Encoder
from faqbot.matching.model.thresholds import Thresholds
from faqbot.settings import MatchingSettings, Settings, StorageSettings
from faqbot.storage import Feedback
from tests.integration.services.conftest import ENTRIES


def _learned(folder: Path, encoder: Encoder, feedback: list[Feedback], **matching: bool) -> Thresholds:
    url = f"sqlite:///{folder / f'{len(feedback)}-{len(matching)}.db'}"
    settings = Settings(storage=StorageSettings(database_url=url), matching=MatchingSettings(**matching))
    container = Container(settings, preloaded=lambda: encoder)
    try:
        container.storage.draft.apply(put=list(ENTRIES), delete=[])
        for one in feedback:
            container.storage.feedback.put(one)
        return container.learner.learn().decider.thresholds
    finally:
        container.storage.close()


@pytest.fixture
def clicks() -> list[Feedback]:
    """Enough of either kind to be learned from; all of it in vain."""
    wanted = [Feedback(f"w{n}", f"how do I repair engine {n}", "chosen", ENTRIES[0].entry_id, "") for n in range(20)]
    unwanted = [Feedback(f"n{n}", f"nothing about thing {n}", "none", "", "") for n in range(20)]
    return wanted + unwanted


def test_clicks_of_strangers_change_nothing_that_is_learned(
    tmp_path: Path, compact_encoder: Encoder, clicks: list[Feedback]
) -> None:
    assert _learned(tmp_path, compact_encoder, clicks) == _learned(tmp_path, compact_encoder, [])


def test_where_somebody_has_switched_it_on_they_teach(
    tmp_path: Path, compact_encoder: Encoder, clicks: list[Feedback]
) -> None:
    taught = _learned(tmp_path, compact_encoder, clicks, learn_from_feedback=True)
    assert taught != _learned(tmp_path, compact_encoder, [], learn_from_feedback=True)
