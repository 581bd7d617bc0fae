"""BGE-M3: three kinds of vectors from one pass of a backbone, by its two heads.

The formulas are those of Chen et al., "BGE M3-Embedding" (2024, arXiv 2402.03216), section 3.1, as FlagEmbedding's
`EncoderOnlyEmbedderM3ModelForInference` computes them; the tests hold us to its numbers.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from faqbot.encoder.inference.backbone import load_backbone

_DTYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16, "int8": torch.int8}


class BgeM3:
    """A complete checkpoint in BGE-M3's layout, ready to run."""

    def __init__(self, folder: Path, *, pooling: str, precision: str, device: str) -> None:
        """Load backbone and heads.

        Args:
            folder: The checkpoint.
            pooling: `cls` or `mean`.
            precision: `fp32`, `fp16`, `bf16` or `int8`: of the backbone; pooling, heads and norms are always fp32.
            device: As torch names it.

        Raises:
            ModelUnavailable: The backbone is of another kind, or weights are missing.
        """
        self._backbone = load_backbone(folder, _DTYPES[precision], device)
        self._pooling = pooling
        dimension = self._backbone.config.hidden_size
        self._sparse = _load_head(folder / "sparse_linear.pt", dimension, 1).to(device)
        self._colbert = _load_head(folder / "colbert_linear.pt", dimension, dimension).to(device)

    def forward(self, token_ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """One forward pass.

        Args:
            token_ids: Shape (texts, tokens), special tokens included, padded at the end; on the model's device.
            mask: Same shape; 1 where there is a token, else 0.

        Returns:
            Dense unit vectors (texts, dimension), token weights >= 0 (texts, tokens), unit vectors of all but the
            first token (texts, tokens - 1, dimension), which are zero at the padding; float32.
        """
        with torch.inference_mode():
            hidden = self._backbone(token_ids, mask)
            weights = torch.relu(self._sparse(hidden)).squeeze(-1)
            vectors = self._colbert(hidden[:, 1:]) * mask[:, 1:, None]
            return (
                functional.normalize(self._pooled(hidden, mask), dim=-1),
                weights,
                functional.normalize(vectors, dim=-1),
            )

    def _pooled(self, hidden: Tensor, mask: Tensor) -> Tensor:
        if self._pooling == "cls":
            return hidden[:, 0]
        return (hidden * mask[:, :, None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)


def _load_head(path: Path, inputs: int, outputs: int) -> nn.Linear:
    head = nn.Linear(inputs, outputs)
    head.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return head
