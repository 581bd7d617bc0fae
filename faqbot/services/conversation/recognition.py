"""The recogniser of the service desk's topics: as it ships, as it was learned before, or learned now."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from filelock import FileLock

from faqbot.encoder import Encoder
from faqbot.encoder.encoding import Vector
from faqbot.matching.service_desk.recogniser import SHIPPED, Recogniser, Vectors, learn
from faqbot.services.conversation.service_desk import ServiceDesk, checksum_of_desk

_log = logging.getLogger(__name__)

# Of the texts that are encoded at once, so that what is not kept of their vectors stays small.
_CHUNK = 256


class Recognition:
    """Holds the recogniser of one model and one file of topics. Safe to share among threads.

    Attributes:
        recogniser: None until it has been learned, where none ships for this model; messages are recognised by the
            letter alone until then.
    """

    def __init__(self, encoder: Encoder, desk: ServiceDesk, everyday: Sequence[str], folder: Path) -> None:
        """Take what ships or was kept, or learn in a thread that ends with the process.

        Args:
            encoder: Whose vectors are recognised.
            desk: The topics.
            everyday: Questions that are about none of them.
            folder: Where what was learned is kept, so that it is learned once.
        """
        fingerprint = encoder.info.fingerprint
        self._source = f"{fingerprint} {checksum_of_desk(desk, everyday)}"
        self._kept = folder / f"{self._source.replace(' ', '-').replace(':', '-').replace('/', '-')}.npz"
        self._encoder, self._desk, self._everyday = encoder, desk, everyday
        self.recogniser = self._read(SHIPPED) or self._read(self._kept)
        if self.recogniser is None:
            threading.Thread(target=self._learn, name="service-desk", daemon=True).start()

    def recognise(self, vector: Vector) -> tuple[str, float] | None:
        """The likeliest topic of a text and its probability; None while nothing has been learned.

        Args:
            vector: Dense, unit length, shape (dimension,).
        """
        return self.recogniser.recognise(vector[None, :])[0] if self.recogniser else None

    def _read(self, path: Path) -> Recogniser | None:
        try:
            found = Recogniser.read(path)
        except (OSError, ValueError, KeyError):
            return None
        return found if found.source == self._source else None

    def _learn(self) -> None:
        try:
            self._kept.parent.mkdir(parents=True, exist_ok=True)
            # Several workers that start at once share the work of one.
            with FileLock(self._kept.with_suffix(".lock")):
                self.recogniser = self._read(self._kept) or self._learned()
        except Exception:
            _log.warning("Greetings, complaints and wishes for a person are recognised by the letter.", exc_info=True)

    def _learned(self) -> Recogniser:
        learned = learn_recogniser(self._encoder, self._desk, self._everyday)
        half = self._kept.with_suffix(".part")
        learned.save(half)
        os.replace(half, self._kept)
        return learned


def learn_recogniser(encoder: Encoder, desk: ServiceDesk, everyday: Sequence[str]) -> Recogniser:
    """Encode every text of the topics and the everyday questions, and learn from them; minutes with a large model."""
    meant = desk.meant
    wordings, others = encoded(encoder, [wording for _topic, wording in meant]), encoded(encoder, everyday)
    source = f"{encoder.info.fingerprint} {checksum_of_desk(desk, everyday)}"
    return learn([name for name, _wording in meant], wordings, others, source)


def encoded(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """The dense vectors of texts, shape (texts, dimension)."""
    chunks = [texts[start : start + _CHUNK] for start in range(0, len(texts), _CHUNK)]
    return np.array([one.dense for chunk in chunks for one in encoder.encode(chunk)])
