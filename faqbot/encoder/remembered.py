"""The encodings of the last texts, kept in memory: customers ask the same things again."""

from __future__ import annotations

import threading
from collections import OrderedDict

from faqbot.encoder.caller import Caller
from faqbot.encoder.encoding import Encoder, Encoding


class RememberedEncodings:
    """Encodes one text at a time, and remembers the last ones. Safe to share among threads.

    `functools.lru_cache` would take the caller for a part of the question.
    """

    def __init__(self, encoder: Encoder, size: int) -> None:
        """Remember nothing yet, and so many texts at most."""
        self._encoder = encoder
        self._size = size
        self._kept: OrderedDict[str, Encoding] = OrderedDict()
        self._changing = threading.Lock()

    def encode(self, text: str, caller: Caller | None = None) -> Encoding:
        """The encoding of a text; errors as in `Encoder.encode`, and nothing is remembered of them."""
        with self._changing:
            if text in self._kept:
                self._kept.move_to_end(text)
                return self._kept[text]
        found = self._encoder.encode([text], caller=caller)[0]
        with self._changing:
            self._kept[text] = found
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return found
