"""What can be had at once of wordings that nothing was learned from yet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from faqbot.knowledge import Wording
from faqbot.matching.model.fitted import Fitted, checksum_of
from faqbot.matching.model.label_shift import CAUTIOUS_SHARE
from faqbot.matching.model.prior import Prior
from faqbot.matching.model.thresholds import Sample, choose_thresholds


def unlearned(wordings: Sequence[Wording], prior: Prior, target_precision: float = 0.95) -> Fitted:
    """The prior as it is, with the threshold that `choose_thresholds` takes for safe where it knows nothing.

    Args:
        wordings: At least one.
        prior: Of the encoder's model, from `load_prior`.
        target_precision: Share of direct answers that have to be right.
    """
    nothing = np.zeros(0)
    sample = Sample(nothing, nothing, nothing, nothing, np.zeros(0, dtype=bool), "wordings", CAUTIOUS_SHARE)
    return Fitted(
        # Needs no fitting that takes time.
        method="closed_form",
        metric=prior.metric,
        matchers=None,
        model=prior.weights["closed_form"],
        sample=sample,
        thresholds=choose_thresholds(sample, target_precision, "default"),
        checksum=checksum_of(wordings),
    )
