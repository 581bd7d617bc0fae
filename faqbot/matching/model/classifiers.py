"""The learned classifiers of one knowledge base: one linear function per view of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse, special

from faqbot.matching.model.character_view import sketch
from faqbot.matching.model.linear_classifier import LinearClassifier, fit_closed_form, fit_logistic

Matrix = npt.NDArray[np.float32]
Method = Literal["logistic", "closed_form"]

# Logistic regression's cost grows with wordings x topics: up to here all views take about 10 s on one core.
_LOGISTIC_LIMIT = 1_000_000
# How much a topic's nearest wording in n-grams counts where no matcher over n-grams is fitted.
_CHARACTER_SHARPNESS = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Some texts as the classifiers see them; each has a row per text.

    Attributes:
        metric: Unit rows in the prior's metric.
        dense: Centred unit rows.
        characters: As `CharacterView.vectors` gives them.
    """

    metric: Matrix
    dense: Matrix
    characters: sparse.csr_matrix

    def followed_by(self, others: View) -> View:
        """These texts and others behind them."""
        return View(
            np.concatenate([self.metric, others.metric]),
            np.concatenate([self.dense, others.dense]),
            sparse.vstack([self.characters, others.characters], format="csr"),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Classifiers:
    """What was learned.

    Attributes:
        metric: Over the dense vectors in the prior's metric.
        dense: Over the dense vectors as they are; None without a prior, when it would be the same.
        characters: Over n-grams; None after `closed_form`, where the nearest wording stands in.
    """

    metric: LinearClassifier
    dense: LinearClassifier | None = None
    characters: LinearClassifier | None = None

    @property
    def method(self) -> Method:
        """How they were fitted."""
        return "closed_form" if self.characters is None else "logistic"

    def log_probabilities(self, view: View, best_characters: Matrix) -> Matrix:
        """Log of P(class | text); the classes are the topics and, where such questions are known, "nothing fits".

        Args:
            view: The texts.
            best_characters: Similarity of each class's nearest text in n-grams, shape (texts, classes).

        Returns:
            Shape (3, texts, classes): by metric, dense, characters.
        """
        metric = self.metric.logits(view.metric)
        dense = metric if self.dense is None else self.dense.logits(view.dense)
        if self.characters is None:
            characters = _CHARACTER_SHARPNESS * best_characters
        else:
            characters = self.characters.logits(sketch(view.characters))
        return np.asarray(special.log_softmax(np.stack([metric, dense, characters]), axis=-1))


def method_for(wordings: int, topics: int) -> Method:
    """Logistic regression as long as it takes seconds, the closed form beyond."""
    return "logistic" if wordings * topics <= _LOGISTIC_LIMIT else "closed_form"


def fit_classifiers(
    view: View, topics: npt.NDArray[np.intp], count: int, has_metric: bool, method: Method | None = None
) -> Classifiers:
    """Fit one matcher per view.

    Args:
        view: The wordings, and questions that people labelled.
        topics: The class of each, 0..count-1.
        count: Classes in all.
        has_metric: Whether `view.metric` differs from `view.dense`.
        method: Unset: by size.
    """
    if (method or method_for(len(topics), count)) == "closed_form":
        dense = fit_closed_form(view.dense, topics, count) if has_metric else None
        return Classifiers(fit_closed_form(view.metric, topics, count), dense, None)
    dense = fit_logistic(view.dense, topics, count) if has_metric else None
    characters = fit_logistic(sketch(view.characters), topics, count)
    return Classifiers(fit_logistic(view.metric, topics, count), dense, characters)
