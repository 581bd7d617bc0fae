"""The encodings of the last texts, kept in memory: customers ask the same things again."""

from __future__ import annotations

from faqbot.encoder.caller import Caller
from faqbot.encoder.encoding import Encoder, Encoding
from faqbot.remembering import Remembered, text_bytes

_WEIGHT_BYTES = 150


class RememberedEncodings:
    """Encodes one text at a time, and remembers the last ones. Safe to share among threads.

    `remembering` would take the caller for a part of the question.
    """

    def __init__(self, encoder: Encoder, most_bytes: int) -> None:
        """Remember nothing yet, and so much at most."""
        self._encoder = encoder
        self._remembered: Remembered[str, Encoding] = Remembered(most_bytes)

    def encode(self, text: str, caller: Caller | None = None) -> Encoding:
        """The encoding of a text; errors as in `Encoder.encode`, and nothing is remembered of them."""
        found = self._remembered.find(text)
        if found is not None:
            return found[0]
        made = self._encoder.encode([text], caller=caller)[0]
        self._remembered.keep(text, made, text_bytes(text) + encoding_bytes(made))
        return made


def encoding_bytes(encoding: Encoding) -> int:
    """What an encoding takes: of 700 tokens a megabyte, of ten some 15 kilobytes."""
    return encoding.dense.nbytes + encoding.multi_vector.nbytes + _WEIGHT_BYTES * len(encoding.lexical_weights)
