"""Train the matching prior of a model: `python -m training.train_prior EVAL_FOLDER [--model compact]`.

Two things are learned from public data and our own (see `prior_material`): a metric under which texts that ask the
same lie close (linear discriminant analysis over all sets), and default weights of the conditional logit. For the
weights, small knowledge bases are drawn again and again, as customers' are: few or many entries, one or twenty
wordings, with questions that one of them answers, some of them mistyped, questions whose entry was left out, and
questions from elsewhere. No set judges a metric that has seen it. On two cores it takes about ten minutes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from faqbot.encoder.encoding import Encoder, Encoding
from faqbot.encoder.opening import open_encoder
from faqbot.matching.model.classifiers import Method
from faqbot.matching.model.conditional_logit import ConditionalLogit, Examples, fit_conditional_logit
from faqbot.matching.model.evidence import EvidenceSource
from faqbot.matching.model.features import CANDIDATE_FEATURES, QUESTION_FEATURES, STORED_NAMES
from faqbot.matching.model.prior import Prior
from faqbot.matching.search.texts import Texts
from faqbot.settings import EncoderSettings
from training.prior_material import Pool, read_pools

Matrix = npt.NDArray[np.float32]

_SEED = 0
_EPISODES = 110
_METHODS: tuple[Method, ...] = ("logistic", "closed_form")
_GROUP_SIZE = 30
_QUESTIONS, _UNANSWERABLE, _FAR = 400, 150, 80
_MISTYPED = 20
# Of an episode's weight: answerable, from left-out entries, from elsewhere. Together a quarter is unanswerable, the
# share that the weights are later moved from.
_SHARES = (0.75, 0.17, 0.08)
_EPISODE_WEIGHT = 200.0
_STRENGTH = 10.0


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


def learn_metric(pools: Sequence[Pool], library: Library) -> Matrix:
    """Linear discriminant analysis with the mean within- and between-group covariance of the pools.

    Directions in which texts that ask the same vary are shrunk, those that tell groups apart are kept, each by its
    share of signal.
    """
    random = np.random.default_rng(_SEED)
    within, between = [], []
    for pool in pools:
        if not pool.groups:
            continue
        parts = [library.dense(_some(group, _GROUP_SIZE, random)) for group in pool.groups]
        freedom = sum(len(part) - 1 for part in parts)
        inside = sum((part - part.mean(axis=0)).T @ (part - part.mean(axis=0)) for part in parts) / freedom
        # A set whose groups are scenes of many requests says nothing about what paraphrases share.
        if np.mean([len(part) for part in parts]) < _GROUP_SIZE or len(parts) > 20:
            within.append(inside)
        if len(parts) > 20:
            means = np.stack([part.mean(axis=0) for part in parts])
            between.append(np.cov(means.T) - inside * np.mean([1 / len(part) for part in parts]))
    values, vectors = np.linalg.eigh(np.mean(within, axis=0))
    whiten = vectors * (values + values.mean()) ** -0.5
    signal, axes = np.linalg.eigh(whiten.T @ np.mean(between, axis=0) @ whiten)
    signal = np.maximum(signal, 0.0)
    return np.asarray(whiten @ axes * np.sqrt(signal / (signal + np.median(signal))), dtype=np.float32)


def draw_episode(
    pool: Pool, far: Sequence[str], library: Library, metric: Matrix, random: np.random.Generator
) -> dict[tuple[bool, Method], Examples]:
    """One small knowledge base with its questions, seen with and without the metric, by either method."""
    kept, left = _split(pool, random)
    wordings: list[str] = []
    topics: list[int] = []
    asked: list[tuple[str, int]] = []
    usual = int(random.choice([1, 3, 6, 21, 0], p=[0.2, 0.15, 0.3, 0.15, 0.2]))
    # What is asked often is often written down in many ways; and often it is not.
    by_popularity = not usual and random.random() < 0.5
    rests: list[list[str]] = []
    for topic, (given, questions) in enumerate(kept):
        known = [given[0], *_some(given[1:], len(given), random)]
        number = usual or int(random.choice([1, 1, 3, 6, 12, 21]))
        if not questions:
            number = min(number, max(1, len(known) - 5))
        wordings += known[:number]
        topics += [topic] * len(known[:number])
        rests.append([*questions, *known[number:]] if pool.name == "starter" else questions or known[number:])
    for topic, rest in enumerate(rests):
        share = topics.count(topic) / len(topics) if by_popularity else 1 / len(kept)
        asked += [
            (text, topic) for text in _some(rest, max(1 if by_popularity else 2, int(_QUESTIONS * share)), random)
        ]
    typed = random.permutation(len(wordings))[:_MISTYPED]
    asked += [(_mistyped(wordings[place], wordings, random), topics[place]) for place in typed]
    each = max(2, _UNANSWERABLE // max(1, len(left)))
    nothing = [text for known, questions in left for text in _some(questions or known, each, random)]
    elsewhere = _some(far, _FAR, random)
    texts = library.texts([*(text for text, _ in asked), *nothing, *elsewhere])
    gold = np.array([topic for _, topic in asked] + [-1] * (len(nothing) + len(elsewhere)))
    counts = (len(asked), len(nothing), len(elsewhere))
    weights = (
        np.concatenate([np.full(n, share / max(1, n)) for n, share in zip(counts, _SHARES, strict=True)])
        * _EPISODE_WEIGHT
    )
    known_texts, known_topics = library.texts(wordings), np.array(topics, dtype=np.intp)
    seen = {}
    for with_metric in (True, False):
        for method in _METHODS:
            evidence = EvidenceSource(known_texts, known_topics, metric if with_metric else None, method).read(texts)
            seen[with_metric, method] = Examples(evidence, evidence.topics == gold[:, None], weights)
    return seen


def learn_weights(parts: Sequence[Examples]) -> ConditionalLogit:
    """Default weights over all episodes, drawn gently towards trusting the matchers."""
    topic = dict.fromkeys(CANDIDATE_FEATURES.names, 0.0) | {
        "matcher_metric": 0.8,
        "matcher_dense": 0.3,
        "matcher_characters": 0.4,
    }
    none = dict.fromkeys(QUESTION_FEATURES.names, 0.0) | {"always": -1.5}
    start = ConditionalLogit(np.array(list(topic.values())), np.array(list(none.values())))
    return fit_conditional_logit(parts, start, _STRENGTH)


def train(folder: Path, starter: Path, model: str, target: Path) -> None:
    """Train and write the prior, its generic sibling and the record."""
    began = time.perf_counter()
    pools = read_pools(folder, starter)
    encoder = open_encoder(EncoderSettings(model=model), print)  # type: ignore[call-arg]
    texts = [text for pool in pools for known, asked in pool.entries for text in (*known, *asked)]
    library = Library(encoder, [*texts, *(text for pool in pools for group in pool.groups for text in group)])
    metric = learn_metric(pools, library)
    unseen = {pool.family: learn_metric([p for p in pools if p.family != pool.family], library) for pool in pools}
    random = np.random.default_rng(_SEED)
    chances = np.array([pool.weight for pool in pools]) / sum(pool.weight for pool in pools)
    episodes = []
    for number in range(_EPISODES):
        pool = pools[random.choice(len(pools), p=chances)]
        far = [
            text for other in pools if other.family != pool.family for known, _ in other.entries for text in known[:2]
        ]
        episodes.append(draw_episode(pool, far, library, unseen[pool.family], random))
        print(f"\repisode {number + 1} of {_EPISODES}", end="", flush=True)
    print()
    target.mkdir(parents=True, exist_ok=True)
    for name, own in ((encoder.info.model, metric), ("generic", None)):
        weights = {m: learn_weights([episode[own is not None, m] for episode in episodes]) for m in _METHODS}
        prior = Prior(name, own, weights)
        prior.save(target / f"{name}.npz")
        _write_record(prior, encoder, pools, target, time.perf_counter() - began)


def _write_record(prior: Prior, encoder: Encoder, pools: Sequence[Pool], target: Path, seconds: float) -> None:
    record = {
        "name": prior.name,
        "trained_with": {"model": encoder.info.model, "fingerprint": encoder.info.fingerprint},
        "episodes": _EPISODES,
        "seed": _SEED,
        "seconds": round(seconds),
        "sha256": hashlib.sha256((target / f"{prior.name}.npz").read_bytes()).hexdigest(),
        "material": {
            pool.name: {"entries": len(pool.entries), "questions": sum(len(asked) for _, asked in pool.entries)}
            for pool in pools
        },
        "weights": {
            method: dict(zip(STORED_NAMES, np.round(model.stacked(), 3).tolist(), strict=True))
            for method, model in prior.weights.items()
        },
    }
    (target / f"{prior.name}.json").write_text(
        json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )


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


def _some(texts: Sequence[str], count: int, random: np.random.Generator) -> list[str]:
    return [texts[place] for place in random.permutation(len(texts))[:count]]


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder with a folder per evaluation set")
    parser.add_argument("--model", default="compact", help="as in the setting `encoder.model`")
    parser.add_argument("--starter", type=Path, default=Path("knowledge_base"), help="the starter knowledge base")
    parser.add_argument("--output", type=Path, default=Path("faqbot/matching/model/priors"), help="where the files go")
    chosen = parser.parse_args()
    train(chosen.folder, chosen.starter, chosen.model, chosen.output)


if __name__ == "__main__":
    main()
