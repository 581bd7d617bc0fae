"""Checkpoints over any other backbone, as FlagEmbedding itself opens and runs them. The one file that imports it.

`bge_m3.py` runs BERT and XLM-RoBERTa, which is BGE-M3's own and by far the commonest, without it: importing it takes
seconds and 200 MB. Whoever has tuned another backbone (ELECTRA, MPNet, ModernBERT ...) in the same layout waits those
seconds at the start, and questions take longer.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from faqbot.encoder.checkpoints.checkpoint import weight_files
from faqbot.encoder.inference.backbone import read_weights
from faqbot.errors import ModelUnavailable
from faqbot.language import _

_DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


class FlagM3:
    """FlagEmbedding's model; has what `BgeM3` has."""

    def __init__(self, folder: Path, *, pooling: str, precision: str, device: str) -> None:
        """Load a complete checkpoint in BGE-M3's layout.

        Args:
            folder: The checkpoint; code that lies in it is never run.
            pooling: `cls` or `mean`.
            precision: `fp32`, `fp16` or `bf16`, in which the products are computed.
            device: As torch names it.

        Raises:
            ModelUnavailable: Weights are missing, for which transformers would take random ones.
            ValueError: transformers does not know the backbone.
        """
        from FlagEmbedding import BGEM3FlagModel

        opened = BGEM3FlagModel(
            str(folder), use_fp16=False, devices=device, pooling_method=pooling, trust_remote_code=False
        )
        _refuse_random_weights(opened.model.model, folder)
        self._model = opened.model.to(device).eval()
        self._device, self._dtype = device.partition(":")[0], _DTYPES.get(precision)

    def forward(self, token_ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """One forward pass; arguments and result as `BgeM3.forward` has them."""
        features = {"input_ids": token_ids, "attention_mask": mask}
        with (
            torch.inference_mode(),
            torch.autocast(self._device, self._dtype or torch.bfloat16, enabled=self._dtype is not None),
        ):
            found = self._model(features, return_dense=True, return_sparse=True, return_colbert_vecs=True)
        return found["dense_vecs"].float(), found["sparse_vecs"].float().squeeze(-1), found["colbert_vecs"].float()


def _refuse_random_weights(backbone: nn.Module, folder: Path) -> None:
    stored = {name for path in weight_files(folder) for name in read_weights(path)}
    # The file may hold the backbone under a longer name; a pooler on top of it takes no part in M3's vectors.
    ends = {name[place:] for name in stored for place in [0, *(i + 1 for i, sign in enumerate(name) if sign == ".")]}
    missing = [name for name in backbone.state_dict() if name not in ends and not name.startswith("pooler.")]
    if missing:
        raise ModelUnavailable(_("The weights lack the tensor {name}.", name=missing[0]))
