"""What ships with a model: a metric for its vectors, and how evidence was worth trusting on public data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from faqbot.matching.model.conditional_logit import ConditionalLogit
from faqbot.matching.model.evidence import FEATURES, QUESTION_FEATURES
from faqbot.matching.model.matchers import Method

_FOLDER = Path(__file__).parent / "priors"
_METHODS: tuple[Method, ...] = ("logistic", "closed_form")


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """Learned once, on public data; its record lies beside the file.

    Attributes:
        name: `compact`, or `generic` for models without a prior of their own.
        metric: Linear map under which wordings of one entry lie close, shape (dimension, dimension); None: as they lie.
        weights: Per way of fitting the matchers the default conditional logit.
    """

    name: str
    metric: npt.NDArray[np.float32] | None
    weights: Mapping[Method, ConditionalLogit]

    def save(self, path: Path) -> None:
        """Write a compressed npz without pickles."""
        arrays: dict[str, npt.NDArray[Any]] = {method: self.weights[method].stacked() for method in _METHODS}
        if self.metric is not None:
            arrays["metric"] = self.metric.astype(np.float16)
        arrays["features"] = np.array([*FEATURES, *QUESTION_FEATURES])
        with path.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)


def load_prior(model: str) -> Prior:
    """The prior of a model, or the generic one for a model that has none.

    Args:
        model: The name in `EncoderInfo.model`.
    """
    name = model if (_FOLDER / f"{model}.npz").is_file() and "/" not in model else "generic"
    return read_prior(_FOLDER / f"{name}.npz")


def read_prior(path: Path) -> Prior:
    """Read what `Prior.save` wrote.

    Raises:
        ValueError: It was trained with other evidence than this program collects.
    """
    with np.load(path, allow_pickle=False) as arrays:
        if tuple(arrays["features"]) != (*FEATURES, *QUESTION_FEATURES):
            raise ValueError(
                f"{path.name} was trained for other evidence; train it again with training/train_prior.py."
            )
        metric = arrays["metric"].astype(np.float32) if "metric" in arrays else None
        weights = {method: ConditionalLogit.from_stacked(arrays[method]) for method in _METHODS}
    return Prior(path.stem, metric, weights)
