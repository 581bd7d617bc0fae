"""What two independent opinions about the right topic come to together.

Dempster 1967, "Upper and lower probabilities induced by a multivalued mapping": where each opinion gives probabilities
to single topics and the rest to "I cannot say", the pairs of opinions that contradict each other are ruled out and the
others rescaled. Where only one of them says anything, that is the law of total probability.
"""

from __future__ import annotations

from collections.abc import Mapping


def dempster_rule(first: Mapping[str, float], second: Mapping[str, float]) -> dict[str, float]:
    """Combine two opinions.

    Args:
        first: Probability by topic, at most 1 in all; the rest is "I cannot say".
        second: The same.

    Returns:
        Probability by topic, at most 1 in all. A topic of which only one opinion speaks loses where the other speaks
        for another topic, and keeps what it has where the other cannot say.
    """
    open_first, open_second = 1.0 - sum(first.values()), 1.0 - sum(second.values())
    agreeing = {}
    for topic in (*first, *(topic for topic in second if topic not in first)):
        one, other = first.get(topic, 0.0), second.get(topic, 0.0)
        agreeing[topic] = one * other + one * open_second + open_first * other
    possible = sum(agreeing.values()) + open_first * open_second
    # Where each is certain of another topic nothing is possible, and nothing is believed.
    return {topic: mass / possible if possible > 1e-9 else 0.0 for topic, mass in agreeing.items()}
