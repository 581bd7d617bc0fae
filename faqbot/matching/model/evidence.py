"""What speaks for each topic that a question may mean, as numbers that compare across knowledge bases.

Raw cosines do not compare: one model's unrelated texts lie at 0.3, another's at 0.75, and a knowledge base of close
entries lies higher still. So every similarity is measured against a cohort, as in speaker verification (Auckenthaler,
Carey, Lloyd-Thomas 2000, "Score normalization"): how near the knowledge base's own wordings come to *other* topics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from faqbot.encoder.stacked import Encodings, StackedEncodings, TokenVectors
from faqbot.knowledge import match_key
from faqbot.matching.model.character_view import CharacterView, coverage
from faqbot.matching.model.linear_matcher import topic_means
from faqbot.matching.model.matchers import Matchers, Method, View, fit_matchers, unit
from faqbot.matching.search.dense_rows import DenseRows, centre_of
from faqbot.matching.search.scoring import mean_max_sims

Matrix = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

CANDIDATES = 10
"""Topics per question that get full evidence; the rest hold next to no probability."""

FEATURES = (
    "matcher_metric",
    "matcher_dense",
    "matcher_characters",
    "best_dense",
    "prototype",
    "best_characters",
    "best_colbert",
    "spelling",
    "wordings",
    "single_matcher",
    "single_dense",
    "single_colbert",
)
"""Evidence per topic, see `Evidence.topic_features`."""

QUESTION_FEATURES = ("always", "topics", "richness", "coverage", "foreign", "length", "typicality")
"""Evidence per question that nothing fits, see `Evidence.question_features`."""

_SPLIT = ("matcher_metric", "best_dense", "best_colbert")
_COHORT = 400
_FOREIGN = 0.3
_FLOOR = -25.0
# Similarities between questions and wordings that are held at a time.
_CELLS = 2_000_000
# Two of three characters alike is what texts about the same thing share anyway.
_ALIKE = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Texts with what the evidence reads of their encodings.

    Attributes:
        texts: As encoded.
        dense: Unit rows, shape (n, dimension), float32.
        tokens: Their multi-vectors.
    """

    texts: tuple[str, ...]
    dense: Matrix
    tokens: TokenVectors

    @classmethod
    def of(cls, texts: Sequence[str], encodings: Encodings) -> Texts:
        """Bind texts to their encodings, at least one; a stack is shared, others are copied."""
        if isinstance(encodings, StackedEncodings):
            return cls(tuple(texts), encodings.dense, encodings.tokens)
        tokens = TokenVectors.of([encoding.multi_vector for encoding in encodings])
        return cls(tuple(texts), np.stack([encoding.dense for encoding in encodings]), tokens)

    def take(self, rows: Indices) -> Texts:
        """Some of the texts, in the order of `rows`."""
        return Texts(tuple(self.texts[i] for i in rows), self.dense[rows], self.tokens.take(rows))

    def __len__(self) -> int:
        """How many texts."""
        return len(self.texts)


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What speaks for the candidates of n questions.

    Attributes:
        topics: Candidate topics, shape (n, candidates); the likeliest by the matchers first.
        wordings: The nearest wording of each candidate by cosine, same shape.
        topic_features: Shape (n, candidates, len(FEATURES)). `matcher_*`: log-probability among the topics; `best_*`
            and `prototype`: similarity to the nearest wording and to the topic's mean, in deviations from the cohort
            (`best_characters`: 0..1); `spelling`: 0..1, how nearly the question is the topic's nearest wording letter
            by letter, 1 for the same; `wordings`: log of the topic's wordings over the mean of all topics;
            `single_*`: `matcher_metric`, `best_dense` and `best_colbert` over the mean number of wordings, since a
            topic with one wording leaves the matchers little to learn from and its distance says more.
        question_features: Shape (n, len(QUESTION_FEATURES)). 1, log of the topics, log of the wordings per topic,
            share of the question's n-grams that the knowledge base knows, whether it knows next to none of them, log
            of the question's tokens, mean similarity to all topics.
    """

    topics: Indices
    wordings: Indices
    topic_features: Matrix
    question_features: Matrix

    @classmethod
    def joined(cls, parts: Sequence[Evidence]) -> Evidence:
        """The evidence of several groups of questions, at least one, with equally many candidates."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))

    def take(self, rows: Indices) -> Evidence:
        """The evidence of some of the questions."""
        return Evidence(
            self.topics[rows],
            self.wordings[rows],
            self.topic_features[rows],
            self.question_features[rows],
        )


@dataclass(frozen=True, slots=True)
class Cohort:
    """Mean and deviation of a similarity between a wording and the nearest other topic."""

    mean: float
    deviation: float

    def measure(self, similarity: Matrix) -> Matrix:
        """In deviations from the mean."""
        return (similarity - self.mean) / self.deviation


# Stand in where there are fewer than three topics, so nothing to measure a cohort on.
_FALLBACK = {"dense": Cohort(0.3, 0.15), "prototype": Cohort(0.3, 0.15), "colbert": Cohort(0.85, 0.04)}


class EvidenceSource:
    """One knowledge base's wordings with all that is learned from them. Immutable, so threads may share it."""

    def __init__(
        self,
        known: Texts,
        topics: Indices,
        metric: Matrix | None,
        method: Method | None = None,
        matchers: Matchers | None = None,
        dense: DenseRows | None = None,
    ) -> None:
        """Fit, or bind what was fitted before.

        Args:
            known: The wordings, at least one.
            topics: Per wording its topic, 0..count-1, every topic at least once.
            metric: Linear map of centred dense vectors that the model's prior brings, shape (dimension, any).
            method: How the matchers are fitted; unset: by size.
            matchers: From an earlier fit over the same wordings.
            dense: Over the same vectors, where somebody has made it already.
        """
        self._known = known
        self.topics = topics
        self.count = int(topics.max()) + 1
        self._keys = [match_key(text) for text in known.texts]
        self._order = np.argsort(topics, kind="stable")
        self._sizes = np.bincount(topics, minlength=self.count)
        self._starts = np.concatenate(([0], np.cumsum(self._sizes)[:-1]))
        self._dense = dense if dense is not None else DenseRows(known.dense, centre_of(known.dense, self.count))
        self._metric = metric
        self._characters = CharacterView(known.texts)
        own = self._view(known)
        self._own_characters = own.characters.T.tocsr()
        self._prototypes = unit(topic_means(own.metric, topics, self.count))
        self.matchers = matchers or fit_matchers(own, topics, self.count, metric is not None, method)
        self._cohorts = self._measure_cohorts(own) if self.count > 2 else _FALLBACK

    def _view(self, texts: Texts) -> View:
        centred: Matrix = texts.dense - self._dense.centre
        dense = unit(centred)
        metric = dense if self._metric is None else unit(centred @ self._metric)
        return View(metric, dense, self._characters.vectors(texts.texts))

    def _measure_cohorts(self, own: View) -> dict[str, Cohort]:
        chosen = np.unique(np.linspace(0, len(self.topics) - 1, _COHORT).astype(np.intp))
        found = np.concatenate(
            [self._nearest_others(own, chosen[part]) for part in _parts(len(chosen), len(self.topics))]
        )
        return {
            name: Cohort(float(values.mean()), max(float(values.std()), 0.02))
            for name, values in zip(("dense", "prototype", "colbert"), found.T, strict=True)
        }

    def _nearest_others(self, own: View, chosen: Indices) -> Matrix:
        """How near some wordings come to another topic by dense, prototype and ColBERT, shape (len(chosen), 3)."""
        rows = np.arange(len(chosen))
        cosines = own.dense[chosen] @ own.dense.T
        best = self._best(cosines)
        prototype = own.metric[chosen] @ self._prototypes.T
        best[rows, self.topics[chosen]] = -np.inf
        prototype[rows, self.topics[chosen]] = -np.inf
        _, rivals = self._nearest(own.dense[chosen], cosines, best.argmax(axis=1)[:, None])
        tokens = self._known.tokens
        colbert = [self._colbert(tokens[row], rival)[0] for row, rival in zip(chosen, rivals, strict=True)]
        return np.stack([best.max(axis=1), prototype.max(axis=1), np.array(colbert, dtype=np.float32)], axis=1)

    def _best(self, similarities: Matrix) -> Matrix:
        """Per topic the largest similarity to one of its wordings, shape (questions, topics)."""
        return np.maximum.reduceat(similarities[:, self._order], self._starts, axis=1)

    def _nearest(self, directions: Matrix, cosines: Matrix, topics: Indices) -> tuple[Matrix, Indices]:
        """The largest cosine to each of some topics, and the wording that has it, both of the shape of `topics`.

        Args:
            directions: The questions as seen from the centre, shape (questions, dimension).
            cosines: What `DenseRows.cosines` gives for them.
            topics: Shape (questions, any).
        """
        best = np.empty(topics.shape, dtype=np.float32)
        wordings = np.empty(topics.shape, dtype=np.intp)
        for (question, place), topic in np.ndenumerate(topics):
            own = self._order[self._starts[topic] : self._starts[topic] + self._sizes[topic]]
            found = self._dense.nearest_cosine(directions[question], cosines[question], own)
            best[question, place], wordings[question, place] = found
        return best, wordings

    def read(self, asked: Texts, allowed: Indices | None = None) -> Evidence:
        """Collect the evidence for some questions.

        Args:
            asked: The questions, at least one.
            allowed: Topics that may answer, at least one; None for all.
        """
        parts = _parts(len(asked), len(self.topics))
        if len(parts) == 1:
            return self._read(asked, allowed)
        return Evidence.joined([self._read(asked.take(part), allowed) for part in parts])

    def _read(self, asked: Texts, allowed: Indices | None) -> Evidence:
        view = self._view(asked)
        characters = self._best((view.characters @ self._own_characters).toarray())
        logs = self.matchers.log_probabilities(view, characters)
        together = logs[0] + logs[1] + 0.5 * logs[2]
        width = min(CANDIDATES, self.count)
        if allowed is not None:
            width = min(width, len(allowed))
            barred = np.full(self.count, -np.inf, dtype=np.float32)
            barred[allowed] = 0.0
            together = together + barred
        topics = np.argsort(-together, axis=1, kind="stable")[:, :width]
        return self._collect(asked, view, np.maximum(logs, _FLOOR), characters, topics)

    def _collect(self, asked: Texts, view: View, logs: Matrix, characters: Matrix, topics: Indices) -> Evidence:
        rows = np.arange(len(asked))[:, None]
        cosines = self._dense.cosines(view.dense)
        nearest, wordings = self._nearest(view.dense, cosines, topics)
        colbert = np.stack([self._colbert(asked.tokens[i], wordings[i]) for i in range(len(asked))])
        features = [
            *(log[rows, topics] for log in logs),
            self._cohorts["dense"].measure(nearest),
            self._cohorts["prototype"].measure(np.einsum("qd,qkd->qk", view.metric, self._prototypes[topics])),
            characters[rows, topics],
            self._cohorts["colbert"].measure(colbert),
            self._spelling(asked, wordings),
            np.log(self._sizes[topics] / self._sizes.mean()),
        ]
        covered = coverage(view.characters)
        features += [features[FEATURES.index(name)] / self._sizes.mean() for name in _SPLIT]
        question = [
            np.ones(len(asked)),
            np.full(len(asked), np.log(self.count)),
            np.full(len(asked), np.log(self._sizes.mean())),
            covered,
            covered < _FOREIGN,
            np.log(np.maximum(1, asked.tokens.lengths)),
            self._cohorts["dense"].measure(self._best(cosines).mean(axis=1)),
        ]
        return Evidence(
            topics=topics,
            wordings=wordings,
            topic_features=np.stack(features, axis=2).astype(np.float32),
            question_features=np.stack(question, axis=1).astype(np.float32),
        )

    def _spelling(self, asked: Texts, wordings: Indices) -> Matrix:
        keys = [match_key(text) for text in asked.texts]
        pairs = zip(keys, wordings, strict=True)
        return np.array([[alike(key, self._keys[row]) for row in rows] for key, rows in pairs])

    def _colbert(self, question: Matrix, wordings: Indices) -> Matrix:
        return mean_max_sims(question, *self._known.tokens.gather(wordings))


def _parts(questions: int, wordings: int) -> list[Indices]:
    """The questions in groups so small that memory does not grow with questions x wordings."""
    return np.array_split(np.arange(questions), min(questions, -(-questions * wordings // _CELLS)))


def alike(first: str, second: str) -> float:
    """How nearly two texts are the same letter by letter, 0..1: 1 minus their edit distance over the longer's length.

    (Levenshtein 1966.) What lies below 0.7 counts as 0, the rest is spread over 0..1.
    """
    similarity = Levenshtein.normalized_similarity(first, second, score_cutoff=_ALIKE)
    return max(0.0, (similarity - _ALIKE) / (1.0 - _ALIKE))
