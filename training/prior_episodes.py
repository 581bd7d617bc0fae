"""Small knowledge bases with questions, drawn from public ones as customers' are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from faqbot.encoder.encoding import Encoder, Encoding
from faqbot.matching.model.classifiers import Method
from faqbot.matching.model.conditional_logit import Examples
from faqbot.matching.model.evidence import EvidenceSource
from faqbot.matching.search.texts import LabelledTexts, Texts
from training.prior_material import Pool

Matrix = npt.NDArray[np.float32]

METHODS: tuple[Method, ...] = ("logistic", "closed_form")
_QUESTIONS, _UNANSWERABLE, _FAR = 400, 150, 80
_MISTYPED = 20
# With some of the questions labelled: so many at most, and never more than half.
_LABELLED = (20, 60, 200)
# Of an episode's weight: answerable, from left-out entries, from elsewhere. Together a quarter is unanswerable, the
# share that the weights are later moved from.
_SHARES = (0.75, 0.17, 0.08)
_EPISODE_WEIGHT = 200.0


class Library:
    """Every text of the material, encoded once."""

    def __init__(self, encoder: Encoder, texts: Sequence[str]) -> None:
        """Encode; prints its progress."""
        self._encoder = encoder
        self._encodings: dict[str, Encoding] = {}
        print(f"Encoding {len(set(texts))} texts ...", flush=True)
        self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> None:
        missing = [text for text in dict.fromkeys(texts) if text not in self._encodings]
        self._encodings.update(zip(missing, self._encoder.encode(missing), strict=True))

    def texts(self, texts: Sequence[str]) -> Texts:
        """For `EvidenceSource`; what was mistyped on purpose is encoded as it comes."""
        self._encode(texts)
        return Texts.of(texts, [self._encodings[text] for text in texts])

    def dense(self, texts: Sequence[str]) -> Matrix:
        """Unit rows."""
        return np.stack([self._encodings[text].dense for text in texts])


def draw_episode(
    pool: Pool,
    far: Sequence[str],
    library: Library,
    metric: Matrix,
    random: np.random.Generator,
    *,
    labelling: bool = False,
) -> dict[tuple[bool, Method], Examples]:
    """One small knowledge base with its questions, seen with and without the metric, by either method.

    Where `labelling`, some of the questions are labelled, and only the others are asked.
    """
    kept, left = _split(pool, random)
    wordings: list[str] = []
    topics: list[int] = []
    asked: list[tuple[str, int]] = []
    usual = int(random.choice([1, 3, 6, 21, 0], p=[0.2, 0.15, 0.3, 0.15, 0.2]))
    # What is asked often is often written down in many ways; and often it is not.
    by_popularity = not usual and random.random() < 0.5
    rests: list[list[str]] = []
    for topic, (given, questions) in enumerate(kept):
        known = [given[0], *some_of(given[1:], len(given), random)]
        number = usual or int(random.choice([1, 1, 3, 6, 12, 21]))
        if not questions:
            number = min(number, max(1, len(known) - 5))
        wordings += known[:number]
        topics += [topic] * len(known[:number])
        rests.append([*questions, *known[number:]] if pool.name == "starter" else questions or known[number:])
    for topic, rest in enumerate(rests):
        share = topics.count(topic) / len(topics) if by_popularity else 1 / len(kept)
        asked += [
            (text, topic) for text in some_of(rest, max(1 if by_popularity else 2, int(_QUESTIONS * share)), random)
        ]
    typed = random.permutation(len(wordings))[:_MISTYPED]
    asked += [(_mistyped(wordings[place], wordings, random), topics[place]) for place in typed]
    each = max(2, _UNANSWERABLE // max(1, len(left)))
    nothing = [text for known, questions in left for text in some_of(questions or known, each, random)]
    elsewhere = some_of(far, _FAR, random)
    texts = library.texts([*(text for text, _ in asked), *nothing, *elsewhere])
    gold = np.array([topic for _, topic in asked] + [-1] * (len(nothing) + len(elsewhere)))
    counts = (len(asked), len(nothing), len(elsewhere))
    weights = (
        np.concatenate([np.full(n, share / max(1, n)) for n, share in zip(counts, _SHARES, strict=True)])
        * _EPISODE_WEIGHT
    )
    labelled = None
    if labelling:
        order = random.permutation(len(gold))
        chosen, rest = np.split(order, [min(int(random.choice(_LABELLED)), len(order) // 2)])
        labelled = LabelledTexts(texts.take(chosen), gold[chosen])
        texts, gold, weights = texts.take(rest), gold[rest], weights[rest]
    known_texts, known_topics = library.texts(wordings), np.array(topics, dtype=np.intp)
    seen = {}
    for with_metric in (True, False):
        for method in METHODS:
            own = metric if with_metric else None
            evidence = EvidenceSource(known_texts, known_topics, own, method, labelled=labelled).read(texts)
            seen[with_metric, method] = Examples(evidence, evidence.topics == gold[:, None], weights)
    return seen


def _split(
    pool: Pool, random: np.random.Generator
) -> tuple[list[tuple[list[str], list[str]]], list[tuple[list[str], list[str]]]]:
    """Entries of the episode's knowledge base, and entries whose questions are asked in vain."""
    entries = [pool.entries[place] for place in random.permutation(len(pool.entries))]
    few, many = min(8, len(entries)), min(len(entries), 400)
    size = max(5, round(float(np.exp(random.uniform(np.log(few), np.log(many))))))
    if size >= len(entries):
        size = len(entries) - max(2, len(entries) // 6)
    return entries[:size], entries[size : size + max(3, size // 2)]


def _mistyped(text: str, others: Sequence[str], random: np.random.Generator) -> str:
    """The text with one letter left out, doubled, swapped with the next, or taken from another text."""
    places = [place for place, letter in enumerate(text[:-1]) if letter.isalnum()]
    if len(places) < 4:
        return text
    at = int(random.choice(places))
    foreign = [letter for letter in str(random.choice(list(others))) if letter.isalnum()] or [text[at]]
    return (
        text[:at] + text[at + 1 :],
        text[: at + 1] + text[at:],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        text[:at] + str(random.choice(foreign)) + text[at + 1 :],
    )[int(random.integers(4))]


def some_of(texts: Sequence[str], count: int, random: np.random.Generator) -> list[str]:
    """So many of the texts, or all, in a random order."""
    return [texts[place] for place in random.permutation(len(texts))[:count]]
