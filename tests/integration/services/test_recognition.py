"""The recogniser of the service desk's topics, with the real compact model."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from faqbot.bootstrap import EVERYDAY, SERVICE_DESK, content_file
from faqbot.encoder import Encoder
from faqbot.matching.service_desk.recogniser import SHIPPED, Recogniser
from faqbot.services.conversation.recognition import Recognition
from faqbot.services.conversation.service_desk import (
    DeskTopic,
    ServiceDesk,
    checksum_of_desk,
    read_everyday,
    read_service_desk,
)

OWN = ServiceDesk(
    [
        DeskTopic("tired", {"en": ["I am so tired", "let me sleep"]}, {"en": "Good night."}, by_meaning=True),
        DeskTopic("hungry", {"en": ["I could eat a horse", "feed me"]}, {"en": "Enjoy."}, by_meaning=True),
    ]
)
EVERYDAY_QUESTIONS = ["where is my order", "how do I pay", "what does delivery cost", "can I return shoes"]


def test_what_ships_was_learned_from_the_texts_and_the_model_that_ship(compact_encoder: Encoder) -> None:
    desk, everyday = read_service_desk(content_file(SERVICE_DESK)), read_everyday(content_file(EVERYDAY))
    source = f"{compact_encoder.info.fingerprint} {checksum_of_desk(desk, everyday)}"
    assert Recogniser.read(SHIPPED).source == source, "run `python -m training.fit_service_desk`"


def test_other_topics_are_learned_in_the_background_once_and_kept(compact_encoder: Encoder, tmp_path: Path) -> None:
    first = Recognition(compact_encoder, OWN, EVERYDAY_QUESTIONS, tmp_path)
    asked = compact_encoder.encode(["I need some sleep"])[0].dense
    deadline = time.monotonic() + 60
    while first.recogniser is None and time.monotonic() < deadline:
        time.sleep(0.05)
    found = first.recognise(asked)
    assert found is not None
    assert found[0] == "tired"
    again = Recognition(compact_encoder, OWN, EVERYDAY_QUESTIONS, tmp_path)
    assert again.recogniser is not None
    assert again.recognise(asked) == found


def test_topics_that_changed_are_not_recognised_by_what_was_kept_for_others(
    compact_encoder: Encoder, tmp_path: Path
) -> None:
    class Silent:
        info = replace(compact_encoder.info)

        def encode(self, texts: object) -> list[object]:
            raise RuntimeError("the model is away")

    broken = Recognition(Silent(), OWN, EVERYDAY_QUESTIONS, tmp_path)  # type: ignore[arg-type]
    assert broken.recognise(np.zeros(3, np.float32)) is None
