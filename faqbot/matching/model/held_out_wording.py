"""What became of a wording that was asked while the knowledge base did without it."""

from __future__ import annotations

from dataclasses import dataclass

from faqbot.matching.model.conditional_logit import ConditionalLogit, probabilities
from faqbot.matching.model.cross_fitting import HeldOut


@dataclass(frozen=True, slots=True)
class HeldOutWording:
    """One wording as a question to the rest of the knowledge base.

    Attributes:
        row: The wording.
        topic: The likeliest topic, 0..count-1.
        confidence: Its probability, 0..1.
        right: Whether it is the wording's own topic.
        place: The own topic's place among the likeliest, 0 for the first; None where it is not among them.
    """

    row: int
    topic: int
    confidence: float
    right: bool
    place: int | None


def outcomes(held_out: HeldOut, model: ConditionalLogit) -> list[HeldOutWording]:
    """Every held-out wording with the decision it would have met, in the order of the rows."""
    found = []
    for part, rows in zip(held_out.answerable, held_out.held, strict=True):
        beliefs = probabilities(model.logits(part.evidence))[:, :-1]
        order = (-beliefs).argsort(axis=1, kind="stable")
        for position, row in enumerate(rows):
            best = order[position, 0]
            own = part.right[position, order[position]].nonzero()[0]
            found.append(
                HeldOutWording(
                    row=int(row),
                    topic=int(part.evidence.topics[position, best]),
                    confidence=float(beliefs[position, best]),
                    right=bool(part.right[position, best]),
                    place=int(own[0]) if len(own) else None,
                )
            )
    return sorted(found, key=lambda one: one.row)
