"""What a text becomes, and the door through which every room encodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from faqbot.encoder.caller import Caller

Vector = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with (done, total)."""
Report = Callable[[str], None]
"""Called with one line for people: what takes its time just now."""


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """One text in BGE-M3's three modes, from one forward pass.

    Attributes:
        dense: Unit vector, shape (dimension,), float32.
        lexical_weights: Token id -> weight > 0, unbounded; the largest weight where a token repeats;
            special tokens left out. May be empty.
        multi_vector: Unit rows, shape (tokens - 1, dimension), float32: every token but the first
            special one, the last special one included, as in ColBERT and BGE-M3.
    """

    dense: Vector
    lexical_weights: Mapping[int, float]
    multi_vector: Vector


@dataclass(frozen=True, slots=True)
class EncoderInfo:
    """What an encoder is, in words for people.

    Attributes:
        model: Name for people and replies, such as `BAAI/bge-m3` or `compact`.
        fingerprint: Equal fingerprints mean comparable vectors; precision and device leave it unchanged.
        dimension: Length of the dense vector and of each row of the multi-vector.
        device: `cpu`, `cuda:0`, ...
        precision: `fp32`, `fp16`, `bf16` or `int8`.
        max_length: Tokens of a text that are read.
        reason: Why this model and device were taken, one sentence.
    """

    model: str
    fingerprint: str
    dimension: int
    device: str
    precision: str
    max_length: int
    reason: str


class Encoder(Protocol):
    """Text to vectors. Implementations are safe to call from many threads at once."""

    @property
    def info(self) -> EncoderInfo:
        """What this encoder is."""
        ...

    def encode(
        self, texts: Sequence[str], progress: Progress | None = None, caller: Caller | None = None
    ) -> list[Encoding]:
        """Encode texts, in their order; what stands beside a text never changes its vectors beyond rounding.

        Args:
            texts: Any number, none included.
            progress: Called after each batch with (texts done, texts in all).
            caller: Who waits for the reply; None where nobody does.

        Raises:
            ClientGone: The caller was gone before the forward pass began.
            QuestionEmpty: A text has nothing to encode.
            EncodingFailed: The forward pass failed.
        """
        ...

    def tokens(self, text: str) -> list[tuple[int, str]]:
        """The (token id, piece) pairs behind the rows of `multi_vector`, in their order.

        The last one is the closing special token. Pieces are as people read them.
        """
        ...
