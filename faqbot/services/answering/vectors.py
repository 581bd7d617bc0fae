"""Where the vectors of a knowledge base come from: the database, or straight from the encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from faqbot.encoder import Encoder, Encoding, Progress
from faqbot.encoder.stacked import Encodings, StackedEncodings
from faqbot.knowledge import Entry, wordings_of
from faqbot.passages import passages_of
from faqbot.storage import Vectors, checksum_of

# Written to the database after each chunk, so that an interrupted run loses at most this much work.
_CHUNK = 256


class VectorSource(Protocol):
    """The vectors of the texts of a knowledge base, by one encoder."""

    @property
    def encoder(self) -> Encoder:
        """Which makes them."""
        ...

    def prepare(self, texts: Sequence[str], progress: Progress | None = None) -> int:
        """Encode what has no vectors yet.

        Args:
            texts: Whose vectors will be asked for.
            progress: Called with (texts encoded, texts to encode).

        Returns:
            How many texts were encoded.
        """
        ...

    def of(self, texts: Sequence[str]) -> Encodings:
        """The vectors of texts that were prepared, at least one, in their order."""
        ...


class FreshVectors:
    """Straight from the encoder; nothing is kept beyond this object."""

    def __init__(self, encoder: Encoder) -> None:
        """Begin with none."""
        self.encoder = encoder
        self._made: dict[str, Encoding] = {}

    def prepare(self, texts: Sequence[str], progress: Progress | None = None) -> int:
        """Encode what was not prepared before; see `VectorSource`."""
        todo = [text for text in dict.fromkeys(texts) if text not in self._made]
        self._made.update(zip(todo, self.encoder.encode(todo, progress), strict=True))
        return len(todo)

    def of(self, texts: Sequence[str]) -> list[Encoding]:
        """The vectors of texts that were prepared, as precise as the encoder makes them.

        Raises:
            KeyError: A text was not.
        """
        return [self._made[text] for text in texts]


class StoredVectors:
    """In the database: what was encoded before, by whichever process, is never encoded again."""

    def __init__(self, vectors: Vectors, encoder: Encoder) -> None:
        """Bind what is stored to the encoder."""
        self.encoder = encoder
        self._vectors = vectors

    def prepare(self, texts: Sequence[str], progress: Progress | None = None) -> int:
        """Encode and store what has no vectors of this model yet; see `VectorSource`."""
        by_checksum = {checksum_of(text): text for text in texts}
        fingerprint = self.encoder.info.fingerprint
        missing = self._vectors.missing(fingerprint, list(by_checksum))
        # The longest first, over the whole job: texts of one length waste nothing on each other, and what remains is
        # done faster than the rate so far says, not slower.
        todo = sorted(missing, key=lambda checksum: (-len(by_checksum[checksum]), checksum))
        for start in range(0, len(todo), _CHUNK):
            chunk = todo[start : start + _CHUNK]
            encodings = self.encoder.encode([by_checksum[checksum] for checksum in chunk])
            self._vectors.put(fingerprint, dict(zip(chunk, encodings, strict=True)))
            if progress:
                progress(min(start + _CHUNK, len(todo)), len(todo))
        return len(todo)

    def missing(self, texts: Sequence[str]) -> int:
        """How many of the texts have no vectors of this model."""
        return len(self._vectors.missing(self.encoder.info.fingerprint, [checksum_of(text) for text in texts]))

    def of(self, texts: Sequence[str]) -> StackedEncodings:
        """The stored vectors of texts.

        Raises:
            StorageError: A text has none.
        """
        return self._vectors.stack(self.encoder.info.fingerprint, [checksum_of(text) for text in texts])


def texts_of(entries: Sequence[Entry], *, long_answers: bool = True) -> list[str]:
    """What of entries is encoded: their wordings and, where wanted, the passages of their long answers."""
    passages = [passage.wording for passage in passages_of(entries)] if long_answers else []
    return [wording.text for wording in (*wordings_of(entries), *passages)]
