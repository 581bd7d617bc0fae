"""The encoder: BGE-M3's model under our own forward loop.

FlagEmbedding's `encode()` runs the first batch twice, stays in fp32 on CPUs, loses the cause of a failure, and may
truncate at another thread's length. Its numbers are right, and ours are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from faqbot.encoder.caller import Caller
from faqbot.encoder.checkpoints.checkpoint import Checkpoint, recorded_instruction, recorded_pooling, shape
from faqbot.encoder.checkpoints.digests import Digests
from faqbot.encoder.checkpoints.fingerprint import fingerprint
from faqbot.encoder.encoding import EncoderInfo, Encoding, Progress, Vector
from faqbot.encoder.inference.backbone import is_known
from faqbot.encoder.inference.bge_m3 import BgeM3
from faqbot.encoder.inference.flag_embedding import FlagM3
from faqbot.encoder.inference.micro_batcher import MicroBatcher
from faqbot.encoder.inference.placement import Placement
from faqbot.encoder.inference.tokens import load_tokens
from faqbot.errors import EncodingFailed, ModelUnavailable, QuestionEmpty
from faqbot.knowledge import has_content
from faqbot.language import _
from faqbot.settings import EncoderSettings


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
        self._passes = MicroBatcher(
            self._forward,
            batch_size=settings.batch_size,
            queue_size=settings.queue_size,
            wait_seconds=settings.wait_seconds,
        )
        if settings.threads:
            torch.set_num_threads(settings.threads)
        try:
            dimension, positions = shape(folder)
            self._tokens = load_tokens(folder)
            self._model = _open(folder, pooling, placement)
        except Exception as error:
            reason = " ".join(str(error).split())
            raise ModelUnavailable(
                _(
                    "Model {name} in {folder} cannot be loaded: {reason}",
                    name=checkpoint.name,
                    folder=folder,
                    reason=reason,
                )
            ) from error
        # Truncated probes would make the limit part of the fingerprint, so it comes after.
        identity = fingerprint(
            checkpoint, self._tokens.tokenizer, pooling, self._instruction, Digests(settings.cache_dir)
        )
        max_length = min(settings.max_length, positions)
        self._tokens.cut_off_at(max_length)
        self._info = EncoderInfo(
            model=checkpoint.name,
            fingerprint=identity,
            dimension=dimension,
            device=placement.device,
            precision=placement.precision,
            max_length=max_length,
            reason=_("{model}; it {placement}.", model=checkpoint.reason, placement=placement.reason),
        )

    @property
    def info(self) -> EncoderInfo:
        """What this encoder is."""
        return self._info

    def encode(
        self, texts: Sequence[str], progress: Progress | None = None, caller: Caller | None = None
    ) -> list[Encoding]:
        """See `Encoder.encode`.

        Raises:
            Overloaded: Too many questions wait for the model.
        """
        for text in texts:
            if not has_content(text):
                raise QuestionEmpty(_("The question has no letter, digit or symbol; ask it in words."))
        token_ids = self._token_ids(texts)
        # The longest first: memory is highest at the start, and little is padded.
        order = sorted(range(len(texts)), key=lambda index: -len(token_ids[index]))
        results = self._passes.run([token_ids[index] for index in order], progress, caller)
        found = dict(zip(order, results, strict=True))
        return [self._encoding(ids, *found[index]) for index, ids in enumerate(token_ids)]

    def tokens(self, text: str) -> list[tuple[int, str]]:
        """See `Encoder.tokens`."""
        ids = self._token_ids([text])[0][1:]
        return list(zip(ids, self._tokens.pieces(ids), strict=True))

    def _token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        return self._tokens.ids([self._instruction + _encodable(text) for text in texts])

    def _forward(self, batch: list[list[int]]) -> list[tuple[Vector, Vector, Vector]]:
        """One forward pass; gives the rows of each text, cut to its length."""
        lengths = [len(ids) for ids in batch]
        longest = max(lengths)
        padded = torch.tensor([ids + [0] * (longest - len(ids)) for ids in batch])
        mask = (torch.arange(longest) < torch.tensor(lengths)[:, None]).long()
        device = self._info.device
        try:
            outputs = self._model.forward(padded.to(device), mask.to(device))
            dense, weights, vectors = (output.cpu().numpy() for output in outputs)
        except Exception as error:
            raise EncodingFailed(
                _(
                    "The model failed on {count} texts of {longest} tokens: {error}",
                    count=len(batch),
                    longest=longest,
                    error=str(error),
                )
            ) from error
        return [(dense[row], weights[row, :length], vectors[row, : length - 1]) for row, length in enumerate(lengths)]

    def _encoding(self, ids: list[int], dense: Vector, weights: Vector, vectors: Vector) -> Encoding:
        # Copies, so that keeping one text does not keep its whole batch.
        return Encoding(dense.copy(), self._lexical_weights(ids, weights.tolist()), vectors.copy())

    def _lexical_weights(self, ids: list[int], weights: list[float]) -> dict[int, float]:
        kept: dict[int, float] = {}
        for token, weight in zip(ids, weights, strict=True):
            if weight > kept.get(token, 0.0) and token not in self._tokens.special_ids:
                kept[token] = weight
        return kept


def _open(folder: Path, pooling: str, placement: Placement) -> BgeM3 | FlagM3:
    """The backbones that we run ourselves; all others as FlagEmbedding runs them.

    Raises:
        ModelUnavailable: It asks for int8, which only our own have.
    """
    if is_known(folder):
        return BgeM3(folder, pooling=pooling, precision=placement.precision, device=placement.device)
    if placement.precision == "int8":
        raise ModelUnavailable(_("int8 is for BERT and XLM-RoBERTa; set encoder.precision to auto."))
    return FlagM3(folder, pooling=pooling, precision=placement.precision, device=placement.device)


def _encodable(text: str) -> str:
    """The text without half surrogate pairs, which JSON can carry and no tokenizer takes."""
    return text.encode("utf-8", "ignore").decode("utf-8")
