"""Train the matching prior of a model: `python -m training.train_prior EVAL_FOLDER [--model compact]`.

Two things are learned from public data and our own (see `prior_material`): a metric under which texts that ask the
same lie close (linear discriminant analysis over all sets), and default weights of the conditional logit. For the
weights, small knowledge bases are drawn again and again, as customers' are: few or many entries, one or twenty
wordings, with questions that one of them answers, some of them mistyped, questions whose entry was left out, and
questions from elsewhere. How much questions count that people labelled as having no answer is learned last, from
knowledge bases where some of the questions are labelled. No set judges a metric that has seen it. On two cores it
takes about ten minutes; `--only-labelled` learns nothing but that last part again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from faqbot.encoder.encoding import Encoder
from faqbot.encoder.opening import open_encoder
from faqbot.matching.model.classifiers import Method
from faqbot.matching.model.conditional_logit import ConditionalLogit, Examples, fit_conditional_logit
from faqbot.matching.model.features import CANDIDATE_FEATURES, QUESTION_FEATURES, STORED_NAMES
from faqbot.matching.model.prior import Prior, read_prior
from faqbot.settings import EncoderSettings
from training.prior_episodes import METHODS, Library, draw_episode, some_of
from training.prior_material import Pool, read_pools

Matrix = npt.NDArray[np.float32]

_SEED = 0
_EPISODES = 110
_LABELLED_EPISODES = 30
_GROUP_SIZE = 30
_STRENGTH = 10.0


_OF_DECOYS = np.array([feature.of_decoys for feature in (*CANDIDATE_FEATURES, *QUESTION_FEATURES)])


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
        parts = [library.dense(some_of(group, _GROUP_SIZE, random)) for group in pool.groups]
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


def learn_weights(parts: Sequence[Examples]) -> ConditionalLogit:
    """Default weights over all episodes, drawn gently towards trusting the matchers."""
    topic = dict.fromkeys(CANDIDATE_FEATURES.names, 0.0) | {
        "matcher_metric": 0.8,
        "matcher_dense": 0.3,
        "matcher_characters": 0.4,
    }
    none = dict.fromkeys(QUESTION_FEATURES.names, 0.0) | {"always": -1.5}
    start = ConditionalLogit(np.array(list(topic.values())), np.array(list(none.values())))
    return fit_conditional_logit(parts, start, _STRENGTH, _OF_DECOYS)


def learn_decoys(parts: Sequence[Examples], weights: ConditionalLogit) -> ConditionalLogit:
    """The weights of what labelled questions without an answer say; the others stay as they are."""
    return fit_conditional_logit(parts, weights, _STRENGTH, ~_OF_DECOYS)


def train(folder: Path, starter: Path, model: str, target: Path, *, only_labelled: bool = False) -> None:
    """Train and write the prior, its generic sibling and the record.

    Args:
        folder: Holds a folder per evaluation set.
        starter: The folder of the starter knowledge base.
        model: As in the setting `encoder.model`.
        target: Where the files go.
        only_labelled: Whether the metric and the weights are taken from the files there, but for those that labelled
            questions give.
    """
    began = time.perf_counter()
    pools = read_pools(folder, starter)
    encoder = open_encoder(EncoderSettings(model=model), print)  # type: ignore[call-arg]
    texts = [text for pool in pools for known, asked in pool.entries for text in (*known, *asked)]
    library = Library(encoder, [*texts, *(text for pool in pools for group in pool.groups for text in group)])
    unseen = {pool.family: learn_metric([p for p in pools if p.family != pool.family], library) for pool in pools}
    names = {True: encoder.info.model, False: "generic"}
    if only_labelled:
        priors = {own: read_prior(target / f"{name}.npz") for own, name in names.items()}
    else:
        metrics = {True: learn_metric(pools, library), False: None}
        episodes = _episodes(pools, library, unseen, _EPISODES)
        priors = {
            own: Prior(name, metrics[own], {m: learn_weights([seen[own, m] for seen in episodes]) for m in METHODS})
            for own, name in names.items()
        }
    taught = _episodes(pools, library, unseen, _LABELLED_EPISODES, labelling=True)
    target.mkdir(parents=True, exist_ok=True)
    for own, prior in priors.items():
        weights = {m: learn_decoys([seen[own, m] for seen in taught], prior.weights[m]) for m in METHODS}
        whole = replace(prior, weights=weights)
        whole.save(target / f"{prior.name}.npz")
        earlier = _record(target / f"{prior.name}.json")["seconds"] if only_labelled else 0
        _write_record(whole, encoder, pools, target, earlier + time.perf_counter() - began)


def _episodes(
    pools: Sequence[Pool], library: Library, unseen: Mapping[str, Matrix], count: int, *, labelling: bool = False
) -> list[dict[tuple[bool, Method], Examples]]:
    random = np.random.default_rng(_SEED)
    chances = np.array([pool.weight for pool in pools]) / sum(pool.weight for pool in pools)
    episodes = []
    for number in range(count):
        pool = pools[random.choice(len(pools), p=chances)]
        far = [
            text for other in pools if other.family != pool.family for known, _ in other.entries for text in known[:2]
        ]
        episodes.append(draw_episode(pool, far, library, unseen[pool.family], random, labelling=labelling))
        print(f"\repisode {number + 1} of {count}", end="", flush=True)
    print()
    return episodes


def _record(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _write_record(prior: Prior, encoder: Encoder, pools: Sequence[Pool], target: Path, seconds: float) -> None:
    record = {
        "name": prior.name,
        "trained_with": {"model": encoder.info.model, "fingerprint": encoder.info.fingerprint},
        "episodes": _EPISODES,
        "labelled_episodes": _LABELLED_EPISODES,
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


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder with a folder per evaluation set")
    parser.add_argument("--model", default="compact", help="as in the setting `encoder.model`")
    parser.add_argument("--starter", type=Path, default=Path("knowledge_base"), help="the starter knowledge base")
    parser.add_argument("--output", type=Path, default=Path("faqbot/matching/model/priors"), help="where the files go")
    parser.add_argument(
        "--only-labelled",
        action="store_true",
        help="learn again only how much labelled questions without an answer count; the rest stays as it is there",
    )
    chosen = parser.parse_args()
    train(chosen.folder, chosen.starter, chosen.model, chosen.output, only_labelled=chosen.only_labelled)


if __name__ == "__main__":
    main()
