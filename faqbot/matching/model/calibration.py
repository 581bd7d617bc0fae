"""Fitting the conditional logit to one knowledge base, drawn towards what the model's prior brings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from faqbot.matching.model.conditional_logit import ConditionalLogit, Examples, fit_conditional_logit, fit_sharpness
from faqbot.matching.model.cross_fitting import HeldOut
from faqbot.matching.model.evidence import FEATURES, QUESTION_FEATURES
from faqbot.matching.model.label_shift import CAUTIOUS_SHARE, log_odds

_FREE = 10.0
_FROZEN = 1e8
_ENOUGH = 30
_UNCERTAIN = (0.5, 3.0)
# After 200 labelled questions the shift is known to about 0.2, the sharpness to about 0.1.
_LABELLED = (0.3, 1.0)

POSITIVE = FEATURES[: FEATURES.index("wordings")]
"""Evidence that may only speak for a topic, whatever a small sample seems to say."""


def adapt(default: ConditionalLogit, held_out: HeldOut) -> ConditionalLogit:
    """Weigh the evidence as this knowledge base's own wordings suggest.

    What is learned is which evidence to trust, not how much of it there is: held-out wordings are harder to find than
    customers' questions (their topic has one wording less), so beliefs fitted to them are too timid. How much harder
    they are shows in how far they are from fitting the default, and that much is taken back.

    Args:
        default: From the prior, for customers' questions with `CAUTIOUS_SHARE` unanswerable.
        held_out: From this knowledge base; below 30 held-out wordings the default stays.
    """
    if held_out.count < _ENOUGH or not held_out.unanswerable:
        return default
    parts = held_out.weighted(CAUTIOUS_SHARE, float(held_out.count))
    strength = np.full(len(FEATURES) + len(QUESTION_FEATURES), _FROZEN)
    strength[[FEATURES.index(name) for name in POSITIVE]] = _FREE
    adapted = fit_conditional_logit(parts, default, strength, POSITIVE)
    factor, shift = fit_sharpness(parts, default, _UNCERTAIN)
    own_factor, own_shift = fit_sharpness(parts, adapted, _UNCERTAIN)
    return adapted.scaled(own_factor / factor).shifted((own_shift - shift) / factor)


def follow_labels(model: ConditionalLogit, labelled: Sequence[Examples], share: float) -> ConditionalLogit:
    """Correct sharpness and "none" by questions that people have labelled.

    Args:
        model: For `CAUTIOUS_SHARE`.
        labelled: Real questions, weighted so that the given share of them is unanswerable.
        share: Of unanswerable questions.

    Returns:
        The model for that share.
    """
    moved = at_share(model, share)
    factor, shift = fit_sharpness(labelled, moved, _LABELLED)
    return moved.scaled(factor).shifted(shift)


def at_share(model: ConditionalLogit, share: float, believed: float = CAUTIOUS_SHARE) -> ConditionalLogit:
    """The same model where another share of the questions is unanswerable."""
    return model.shifted(log_odds(share) - log_odds(believed))
