"""BGE-M3's model class over a backbone and its two heads. The one file that meets FlagEmbedding."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import torch

from faqbot.encoder.inference.backbone import load_backbone

_DTYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16, "int8": torch.int8}
_MODELING = "FlagEmbedding.finetune.embedder.encoder_only.m3.modeling"
_ABSTRACT = "FlagEmbedding.abc.finetune.embedder"
_import_lock = threading.Lock()


class BgeM3:
    """FlagEmbedding's model, put together as its own runner does."""

    def __init__(self, folder: Path, *, pooling: str, precision: str, device: str) -> None:
        """Load a complete checkpoint in BGE-M3's layout.

        Args:
            folder: The checkpoint.
            pooling: `cls` or `mean`.
            precision: `fp32`, `fp16`, `bf16` or `int8`: of the backbone; pooling, heads and norms are always fp32.
            device: As torch names it.

        Raises:
            ModelUnavailable: The backbone is of another kind, or weights are missing.
        """
        backbone = load_backbone(folder, _DTYPES[precision], device)
        dimension = backbone.config.hidden_size
        self._model = _model_class()(
            {
                "model": backbone,
                "colbert_linear": _load_head(folder / "colbert_linear.pt", dimension, dimension),
                "sparse_linear": _load_head(folder / "sparse_linear.pt", dimension, 1),
            },
            sentence_pooling_method=pooling,
            normalize_embeddings=True,
        )
        self._model.to(device).eval()

    def forward(self, token_ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """One forward pass.

        Args:
            token_ids: Shape (texts, tokens), special tokens included, padded at the end; on the model's device.
            mask: Same shape; 1 where there is a token, else 0.

        Returns:
            Dense unit vectors (texts, dimension), token weights >= 0 (texts, tokens), unit vectors of all but the
            first token (texts, tokens - 1, dimension); float32.
        """
        features = {"input_ids": token_ids, "attention_mask": mask}
        with torch.inference_mode():
            outputs = self._model(features, return_dense=True, return_sparse=True, return_colbert_vecs=True)
        return outputs["dense_vecs"], outputs["sparse_vecs"].squeeze(-1), outputs["colbert_vecs"]


def _load_head(path: Path, inputs: int, outputs: int) -> torch.nn.Linear:
    head = torch.nn.Linear(inputs, outputs)
    head.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return head


def _model_class() -> Callable[..., torch.nn.Module]:
    """FlagEmbedding's model class, without the seconds that its packages spend on importing training libraries."""
    with _import_lock:
        if "FlagEmbedding" in sys.modules:
            return _import_class()
        try:
            return _import_class_alone()
        except (ImportError, AttributeError):  # A version that is laid out otherwise: slow is better than not at all.
            return _import_class()


def _import_class() -> Callable[..., torch.nn.Module]:
    modeling = importlib.import_module(_MODELING)
    made: Callable[..., torch.nn.Module] = modeling.EncoderOnlyEmbedderM3ModelForInference
    return made


def _import_class_alone() -> Callable[..., torch.nn.Module]:
    """Import the two files that matter, with empty packages standing in for their parents and for transformers.

    Of transformers they name a base class and a type of the training side only, and it takes half a second to import.
    """
    spec = importlib.util.find_spec("FlagEmbedding")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("FlagEmbedding is not installed")
    root = Path(spec.submodule_search_locations[0])
    before = set(sys.modules)
    try:
        if "transformers" not in before:
            _stand_in("transformers", root).PreTrainedTokenizer = object  # type: ignore[attr-defined]
            _stand_in("transformers.file_utils", root).ModelOutput = dict  # type: ignore[attr-defined]
        for package in (_ABSTRACT, _MODELING.rpartition(".")[0]):
            names = package.split(".")
            for depth in range(1, len(names) + 1):
                _stand_in(".".join(names[:depth]), root.joinpath(*names[1:depth]))
        abstract = importlib.import_module(f"{_ABSTRACT}.AbsModeling")
        for name in ("AbsEmbedderModel", "EmbedderOutput"):
            setattr(sys.modules[_ABSTRACT], name, getattr(abstract, name))
        return _import_class()
    finally:
        # A later import has to find the real packages.
        for name in set(sys.modules) - before:
            if name.split(".")[0] in ("FlagEmbedding", "transformers"):
                del sys.modules[name]


def _stand_in(name: str, folder: Path) -> ModuleType:
    package = ModuleType(name)
    package.__path__ = [str(folder)]
    return sys.modules.setdefault(name, package)
