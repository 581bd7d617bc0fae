"""Fitting the conditional logit to one knowledge base, drawn towards what the model's prior brings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from faqbot.matching.model.conditional_logit import ConditionalLogit, Examples, fit_conditional_logit, fit_sharpness
from faqbot.matching.model.cross_fitting import HeldOut
from faqbot.matching.model.features import CANDIDATE_FEATURES, QUESTION_FEATURES, STORED_NAMES
from faqbot.matching.model.label_shift import CAUTIOUS_SHARE, log_odds

_STRENGTH = 10.0
_ENOUGH = 30
_UNCERTAIN = (0.5, 3.0)
# After 200 labelled questions the shift is known to about 0.2, the sharpness to about 0.1.
_LABELLED = (0.3, 1.0)

_ALWAYS = QUESTION_FEATURES.column("always")
_OF_DECOYS = np.array([feature.of_decoys for feature in (*CANDIDATE_FEATURES, *QUESTION_FEATURES)])
# How firmly a weight stays where it is when real questions come, one over the variance. What tells topics apart was
# learned from the wordings and much public data; of what nothing fits here, and how often, only these questions tell.
_TAUGHT = np.where(_OF_DECOYS, 10.0, 40.0)
_TAUGHT[len(CANDIDATE_FEATURES) :][_ALWAYS > 0] = 4.0
# The same for every question of a knowledge base: nothing that "always" does not say.
_CONSTANT = np.array([name in ("topics", "richness") for name in STORED_NAMES])

_HELD = np.array([not feature.adapts for feature in (*CANDIDATE_FEATURES, *QUESTION_FEATURES)])


def adapt(default: ConditionalLogit, held_out: HeldOut) -> ConditionalLogit:
    """Weigh the evidence as this knowledge base's own wordings suggest.

    What is learned is which evidence to trust, not how sure to be: a held-out wording is harder to find than a
    customer's question, since its topic has one wording less, so beliefs fitted to held-out wordings are too timid (the
    pessimism of cross-validation: Hastie, Tibshirani, Friedman 2009, "The Elements of Statistical Learning", 7.10).
    How far is measured by Platt scaling (Platt 1999: a factor on the logits and a shift of "none"). The default is
    right for customers' questions, so what it takes to make it fit held-out wordings, z -> factor z + shift, is how
    those differ. From the adapted beliefs, made to fit held-out wordings too, that is taken back:
    z -> (z - shift) / factor.

    Args:
        default: From the prior, for customers' questions with `CAUTIOUS_SHARE` unanswerable.
        held_out: From this knowledge base; below 30 held-out wordings the default stays.
    """
    if held_out.count < _ENOUGH or not held_out.unanswerable:
        return default
    parts = held_out.weighted(CAUTIOUS_SHARE, float(held_out.count))
    adapted = fit_conditional_logit(parts, default, _STRENGTH, _HELD)
    factor, shift = fit_sharpness(parts, default, _UNCERTAIN)
    own_factor, own_shift = fit_sharpness(parts, adapted, _UNCERTAIN)
    return adapted.scaled(own_factor / factor).shifted((own_shift - shift) / factor)


def follow_labels(model: ConditionalLogit, labelled: Sequence[Examples]) -> ConditionalLogit:
    """Weigh the evidence as questions suggest that people have labelled.

    Args:
        model: From `adapt`. It errs on the side of caution, so it is what a few labels are drawn to, whatever share of
            them is unanswerable.
        labelled: Real questions, asked while they were held out.

    Returns:
        The model for their share of unanswerable questions.
    """
    return fit_conditional_logit(labelled, model, _TAUGHT, _CONSTANT)


def follow_feedback(model: ConditionalLogit, answered: Sequence[Examples]) -> ConditionalLogit:
    """Correct sharpness and "none" by real questions, and nothing else.

    Args:
        model: For some share of unanswerable questions.
        answered: Real questions, weighted to that share.
    """
    factor, shift = fit_sharpness(answered, model, _LABELLED)
    return model.scaled(factor).shifted(shift)


def at_share(model: ConditionalLogit, share: float, believed: float = CAUTIOUS_SHARE) -> ConditionalLogit:
    """The same model where another share of the questions is unanswerable."""
    return model.shifted(log_odds(share) - log_odds(believed))
