"""The encoder: BGE-M3's model under our own forward loop.

FlagEmbedding's `encode()` runs the first batch twice, stays in fp32 on CPUs, loses the cause of a failure, and may
truncate at another thread's length; its model class is exact, and is used as it is.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import torch
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from faqbot.encoder.bge_m3 import BgeM3
from faqbot.encoder.checkpoint import Checkpoint, fingerprint, recorded_instruction, recorded_pooling, shape
from faqbot.encoder.encoding import EncoderInfo, Encoding, Progress
from faqbot.encoder.placement import Placement
from faqbot.errors import EncodingFailed, ModelUnavailable, QuestionEmpty
from faqbot.knowledge import has_content
from faqbot.settings import EncoderSettings

_TOKENIZED_AT_ONCE = 256


class M3Encoder:
    """Implements `faqbot.encoder.encoding.Encoder` for any checkpoint in BGE-M3's layout."""

    def __init__(self, checkpoint: Checkpoint, settings: EncoderSettings, placement: Placement) -> None:
        """Load tokenizer, backbone and heads.

        Raises:
            ModelUnavailable: A file is damaged or of a kind that the libraries do not know.
        """
        folder = checkpoint.folder
        pooling = recorded_pooling(folder) if settings.pooling == "auto" else settings.pooling
        instruction = settings.query_instruction
        self._instruction = recorded_instruction(folder) if instruction is None else instruction
        self._batch_size = settings.batch_size
        self._lock = threading.Lock()
        if settings.threads:
            torch.set_num_threads(settings.threads)
        try:
            self._tokenizer: PreTrainedTokenizerFast = AutoTokenizer.from_pretrained(folder)
            self._model = BgeM3(
                folder, self._tokenizer, pooling=pooling, precision=placement.precision, device=placement.device
            )
        except Exception as error:
            reason = " ".join(str(error).split())
            raise ModelUnavailable(f"Model {checkpoint.name} in {folder} cannot be loaded: {reason}") from error
        dimension, positions = shape(folder)
        self._special_ids = _special_ids(self._tokenizer)
        self._info = EncoderInfo(
            model=checkpoint.name,
            fingerprint=fingerprint(checkpoint, self._tokenizer, pooling, self._instruction),
            dimension=dimension,
            device=placement.device,
            precision=placement.precision,
            max_length=min(settings.max_length, positions),
            reason=f"{checkpoint.reason}; it {placement.reason}.",
        )

    @property
    def info(self) -> EncoderInfo:
        """What this encoder is."""
        return self._info

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> list[Encoding]:
        """See `Encoder.encode`.

        Other threads get their turn between batches, so that a long job does not hold up a question.
        """
        for text in texts:
            if not has_content(text):
                raise QuestionEmpty("The question has no letter, digit or symbol; ask it in words.")
        token_ids = self._token_ids(texts)
        encodings: dict[int, Encoding] = {}
        for batch in _batches(token_ids, self._batch_size):
            encodings.update(zip(batch, self._forward([token_ids[index] for index in batch]), strict=True))
            if progress:
                progress(len(encodings), len(texts))
        return [encodings[index] for index in range(len(texts))]

    def tokens(self, text: str) -> list[tuple[int, str]]:
        """See `Encoder.tokens`."""
        ids = self._token_ids([text])[0][1:]
        pieces = self._tokenizer.convert_ids_to_tokens(ids)
        return [(token, piece.lstrip("▁") or piece) for token, piece in zip(ids, pieces, strict=True)]

    def _token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        ids: list[list[int]] = []
        for start in range(0, len(texts), _TOKENIZED_AT_ONCE):
            part = [self._instruction + _encodable(text) for text in texts[start : start + _TOKENIZED_AT_ONCE]]
            with self._lock:  # The tokenizer keeps its truncation as state.
                ids += self._tokenizer(part, truncation=True, max_length=self._info.max_length)["input_ids"]
        return ids

    def _forward(self, batch: list[list[int]]) -> list[Encoding]:
        """One forward pass over texts of one length."""
        try:
            with self._lock:
                outputs = self._model.forward(torch.tensor(batch, device=self._info.device))
                dense, weights, vectors = (output.cpu().numpy() for output in outputs)
        except Exception as error:
            sizes = f"{len(batch)} texts of {len(batch[0])} tokens"
            raise EncodingFailed(f"The model failed on {sizes}: {error}") from error
        return [
            # Copies, so that keeping one text does not keep its whole batch.
            Encoding(dense[row].copy(), self._lexical_weights(ids, weights[row].tolist()), vectors[row].copy())
            for row, ids in enumerate(batch)
        ]

    def _lexical_weights(self, ids: list[int], weights: list[float]) -> dict[int, float]:
        kept: dict[int, float] = {}
        for token, weight in zip(ids, weights, strict=True):
            if weight > kept.get(token, 0.0) and token not in self._special_ids:
                kept[token] = weight
        return kept


def _encodable(text: str) -> str:
    """The text without half surrogate pairs, which JSON can carry and no tokenizer takes."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def _batches(token_ids: list[list[int]], size: int) -> Iterator[list[int]]:
    """Indices in batches of texts of one length, longest first.

    Without padding a text's numbers do not depend on its companions, not even in bf16.
    """
    by_length: dict[int, list[int]] = {}
    for index, ids in enumerate(token_ids):
        by_length.setdefault(len(ids), []).append(index)
    for length in sorted(by_length, reverse=True):
        members = by_length[length]
        for start in range(0, len(members), size):
            yield members[start : start + size]


def _special_ids(tokenizer: PreTrainedTokenizerFast) -> frozenset[int]:
    """The four that FlagEmbedding leaves out of lexical weights."""
    ids = (tokenizer.cls_token_id, tokenizer.eos_token_id, tokenizer.pad_token_id, tokenizer.unk_token_id)
    return frozenset(token for token in ids if token is not None)
