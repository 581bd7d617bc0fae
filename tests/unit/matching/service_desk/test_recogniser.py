from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from faqbot.matching.model.linear_classifier import LinearClassifier
from faqbot.matching.service_desk.recogniser import Recogniser, learn


def _unit(*rows: tuple[float, ...]) -> np.ndarray:
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_a_text_is_about_a_topic_as_far_as_it_is_not_about_none_of_them() -> None:
    # Moved by the centre and scaled, (1, 1) becomes (1, 0): log-odds 2, 1 and 0 against none of them.
    classifier = LinearClassifier(np.array([[2, 1, 0], [0, 0, 0]], np.float32), np.zeros(3, np.float32))
    recogniser = Recogniser(("bye", "hello"), np.array([0, 1], np.float32), classifier, "")
    [(topic, probability)] = recogniser.recognise(np.array([[1, 1]], np.float32))
    assert topic == "bye"
    assert probability == pytest.approx((np.e**2 + np.e) / (np.e**2 + np.e + 1))


def test_what_lies_near_a_topics_wordings_is_that_topic_and_what_lies_near_the_rest_is_none() -> None:
    hello, bye = _unit((1, 0.1, 0), (1, -0.1, 0)), _unit((0, 1, 0.1), (0, 1, -0.1))
    everyday = _unit(*[(x / 10, -x / 10, 1) for x in range(-5, 6)])
    recogniser = learn(["hello", "hello", "bye", "bye"], np.vstack([hello, bye]), everyday, "")
    found = recogniser.recognise(_unit((1, 0, 0), (0, 1, 0), (0, 0, 1)))
    assert [name for name, _ in found[:2]] == ["hello", "bye"]
    assert [probability > 0.5 for _, probability in found] == [True, True, False]


def test_what_was_learned_is_kept_whole(tmp_path: Path) -> None:
    learned = learn(["hello"], _unit((1, 0)), _unit((0, 1), (0.1, 1)), "model texts")
    learned.save(tmp_path / "kept.npz")
    read = Recogniser.read(tmp_path / "kept.npz")
    vectors = _unit((1, 1), (3, 1))
    assert (read.recognise(vectors), read.source) == (learned.recognise(vectors), "model texts")
