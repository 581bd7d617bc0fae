"""What ships with a model: a metric for its vectors, and how evidence was worth trusting on public data."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from faqbot.matching.model.classifiers import Method
from faqbot.matching.model.conditional_logit import ConditionalLogit
from faqbot.matching.model.features import STORED_NAMES

_log = logging.getLogger(__name__)

_GENERIC = "generic"
_FOLDER = Path(__file__).parent / "priors"
_METHODS: tuple[Method, ...] = ("logistic", "closed_form")


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """Learned once, on public data; its record lies beside the file.

    Attributes:
        name: `compact`, or `generic` for models without a prior of their own.
        metric: Linear map under which wordings of one entry lie close, shape (dimension, dimension); None: as they lie.
        weights: Per way of fitting the classifiers the default conditional logit.
    """

    name: str
    metric: npt.NDArray[np.float32] | None
    weights: Mapping[Method, ConditionalLogit]

    def save(self, path: Path) -> None:
        """Write a compressed npz without pickles."""
        arrays: dict[str, npt.NDArray[Any]] = {method: self.weights[method].stacked() for method in _METHODS}
        if self.metric is not None:
            arrays["metric"] = self.metric.astype(np.float16)
        arrays["features"] = np.array(STORED_NAMES)
        with path.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)


def load_prior(fingerprint: str) -> Prior:
    """The prior that was trained on a model's vectors, or the generic one for a model that has none.

    Args:
        fingerprint: In `EncoderInfo.fingerprint`; a model of the same name with other vectors is another model.
    """
    trained_on = {
        record["trained_with"]["fingerprint"]: record["name"]
        for record in (json.loads(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.json")))
        if record["name"] != _GENERIC
    }
    name = trained_on.get(fingerprint, _GENERIC)
    if name == _GENERIC and fingerprint.partition(":")[0] in trained_on.values():
        _log.warning(
            "A prior of this model's name was trained on other vectors than its own (%s); the generic prior is taken.",
            fingerprint,
        )
    return shipped_prior(name)


def shipped_prior(name: str) -> Prior:
    """A prior by the name of its file: `compact` or `generic`."""
    return read_prior(_FOLDER / f"{name}.npz")


def read_prior(path: Path) -> Prior:
    """Read what `Prior.save` wrote.

    Raises:
        ValueError: It was trained with other evidence than this program collects.
    """
    with np.load(path, allow_pickle=False) as arrays:
        names = arrays["features"].tolist()
        metric = arrays["metric"].astype(np.float32) if "metric" in arrays else None
        try:
            weights = {method: ConditionalLogit.from_stacked(arrays[method], names) for method in _METHODS}
        except ValueError as error:
            raise ValueError(f"{path.name}: {error} Train it again with training/train_prior.py.") from error
    return Prior(path.stem, metric, weights)
