"""Knowledge bases that are made up, for tests that need no model."""

from __future__ import annotations

import numpy as np

from faqbot.encoder import Encoding
from faqbot.knowledge import Wording

SYLLABLES = ("ka", "lo", "mi", "ne", "pu", "ra", "si", "to", "vu", "ze")


class World:
    """Topics are directions in space and made-up words; wordings scatter around both."""

    def __init__(self, topics: int, spread: float = 0.5, dimension: int = 32, seed: int = 0) -> None:
        self.random = np.random.default_rng(seed)
        self.centres = self.random.normal(size=(topics, dimension))
        self.words = ["".join(self.random.choice(SYLLABLES, 3)) for _ in range(topics)]
        self.spread = spread

    def text(self, topic: int) -> str:
        filler = " ".join("".join(self.random.choice(SYLLABLES, 2)) for _ in range(2))
        return f"{self.words[topic]} {filler}"

    def encoding(self, topic: int) -> Encoding:
        rows = self.centres[topic] + self.spread * self.random.normal(size=(4, self.centres.shape[1]))
        rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        dense = rows.mean(axis=0)
        return Encoding(dense / np.linalg.norm(dense), {}, rows)

    def knowledge(self, sizes: list[int]) -> tuple[list[Wording], list[Encoding]]:
        wordings = [Wording(f"t{t}", f"t{t}", self.text(t)) for t, size in enumerate(sizes) for _ in range(size)]
        return wordings, [self.encoding(int(w.topic[1:])) for w in wordings]

    def ask(self, topic: int) -> tuple[str, Encoding]:
        return self.text(topic), self.encoding(topic)
