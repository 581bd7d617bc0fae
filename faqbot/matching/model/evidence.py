"""Features of the candidate topics of a question, as numbers that compare across knowledge bases.

Raw cosines do not compare: one model's unrelated texts lie at 0.3, another's at 0.75, and a knowledge base of close
entries lies higher still. So every similarity is measured against a cohort, as in speaker verification (Auckenthaler,
Carey, Lloyd-Thomas 2000, "Score normalization"): how near the knowledge base's own wordings come to *other* topics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from faqbot.knowledge import match_key
from faqbot.matching.model.character_view import CharacterView, coverage
from faqbot.matching.model.classifiers import Classifiers, Method, View, fit_classifiers
from faqbot.matching.model.features import CANDIDATE_FEATURES, QUESTION_FEATURES, Observed
from faqbot.matching.model.linear_classifier import topic_means
from faqbot.matching.model.matcher import MOST_TOPICS, LabelledAs
from faqbot.matching.model.neighbours import Groups, LabelledNeighbours, Likeness, alike
from faqbot.matching.search.dense_rows import DenseRows, centre_of, unit_rows
from faqbot.matching.search.scoring import mean_max_sims
from faqbot.matching.search.texts import NOTHING_FITS, LabelledTexts, Texts

Matrix = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

_COHORT = 400
_FLOOR = -25.0
# The n-grams of a question tell less about what it asks than its meaning does, seen in two ways.
_CHARACTERS_COUNT = 0.5
# Similarities between questions and wordings that are held at a time.
_CELLS = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Features of n questions and of their candidate topics.

    Attributes:
        topics: Candidate topics, shape (n, candidates); the likeliest by the classifiers first.
        wordings: The nearest wording of each candidate by cosine, same shape.
        candidates: Shape (n, candidates, features), as `CANDIDATE_FEATURES` names them.
        questions: Shape (n, features), as `QUESTION_FEATURES` names them.
    """

    topics: Indices
    wordings: Indices
    candidates: Matrix
    questions: Matrix

    @classmethod
    def joined(cls, parts: Sequence[Evidence]) -> Evidence:
        """The evidence of several groups of questions, at least one, with equally many candidates."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))


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
    """One knowledge base's wordings with all that is learned from them. Immutable, so threads may share it.

    Questions that people labelled are further examples of their topics, and those that nothing fits a class of their
    own: in every classifier, and as neighbours. A topic's nearest wording is never one of them.
    """

    def __init__(
        self,
        known: Texts,
        topics: Indices,
        metric: Matrix | None,
        method: Method | None = None,
        classifiers: Classifiers | None = None,
        dense: DenseRows | None = None,
        labelled: LabelledTexts | None = None,
    ) -> None:
        """Fit, or bind what was fitted before.

        Args:
            known: The wordings, at least one.
            topics: Per wording its topic, 0..count-1, every topic at least once.
            metric: Linear map of centred dense vectors that the model's prior brings, shape (dimension, any).
            method: How the classifiers are fitted; unset: by size.
            classifiers: From an earlier fit over the same wordings and labelled questions.
            dense: Over the wordings' vectors, where somebody has made it already.
            labelled: Questions with their topics; None for none.
        """
        self._known = known
        self.topics = topics
        self.count = int(topics.max()) + 1
        self._keys = [match_key(text) for text in known.texts]
        self._wordings = Groups(topics)
        given = labelled if labelled is not None and len(labelled) else None
        classes = topics if given is None else np.concatenate([topics, given.topics])
        classes = np.where(classes == NOTHING_FITS, self.count, classes)
        self._classes = Groups(classes)
        self._has_decoys = bool((classes == self.count).any())
        self._dense = dense if dense is not None else DenseRows(known.dense, centre_of(known.dense, self.count))
        self._metric = metric
        self._characters = CharacterView([*known.texts, *given.texts.texts] if given else known.texts)
        own = every = self._view(known)
        self._labelled = None
        if given:
            asked = self._view(given.texts)
            self._labelled = LabelledNeighbours(given, asked.dense)
            every = own.followed_by(asked)
        self._every_characters = every.characters.T.tocsr()
        self._prototypes = unit_rows(
            topic_means(every.metric[classes < self.count], classes[classes < self.count], self.count)
        )
        count = self.count + self._has_decoys
        self.classifiers = classifiers or fit_classifiers(every, classes, count, metric is not None, method)
        self._cohorts = self._measure_cohorts(own) if self.count > 2 else _FALLBACK

    def _view(self, texts: Texts) -> View:
        centred: Matrix = texts.dense - self._dense.centre
        dense = unit_rows(centred)
        metric = dense if self._metric is None else unit_rows(centred @ self._metric)
        return View(metric, dense, self._characters.vectors(texts.texts))

    def _measure_cohorts(self, own: View) -> dict[str, Cohort]:
        chosen = np.sort(self._known.drawn().argsort(kind="stable")[:_COHORT])
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
        best = self._wordings.best(cosines)
        prototype = own.metric[chosen] @ self._prototypes.T
        best[rows, self.topics[chosen]] = -np.inf
        prototype[rows, self.topics[chosen]] = -np.inf
        _, rivals = self._nearest(own.dense[chosen], cosines, best.argmax(axis=1)[:, None])
        tokens = self._known.tokens
        colbert = [self._colbert(tokens[row], rival)[0] for row, rival in zip(chosen, rivals, strict=True)]
        return np.stack([best.max(axis=1), prototype.max(axis=1), np.array(colbert, dtype=np.float32)], axis=1)

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
            found = self._dense.nearest_cosine(directions[question], cosines[question], self._wordings.of(topic))
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
        characters = self._classes.best((view.characters @ self._every_characters).toarray())
        logs = self.classifiers.log_probabilities(view, characters)
        decoys = np.zeros((3, len(asked)), dtype=np.float32)
        if self._has_decoys:
            one_of_them = special.logsumexp(logs[..., : self.count], axis=-1)
            decoys = logs[..., self.count] - one_of_them - self._classes.log_odds(self.count)
            logs = logs[..., : self.count] - one_of_them[..., None]
        together = logs[0] + logs[1] + _CHARACTERS_COUNT * logs[2]
        width = min(MOST_TOPICS, self.count)
        if allowed is not None:
            width = min(width, len(allowed))
            barred = np.full(self.count, -np.inf, dtype=np.float32)
            barred[allowed] = 0.0
            together = together + barred
        topics = np.argsort(-together, axis=1, kind="stable")[:, :width]
        return self._collect(asked, view, np.maximum(logs, _FLOOR), characters, topics, decoys)

    def _collect(
        self, asked: Texts, view: View, logs: Matrix, characters: Matrix, topics: Indices, decoys: Matrix
    ) -> Evidence:
        rows = np.arange(len(asked))[:, None]
        cosines = self._dense.cosines(view.dense)
        nearest, wordings = self._nearest(view.dense, cosines, topics)
        colbert = np.stack([self._colbert(asked.tokens[i], wordings[i]) for i in range(len(asked))])
        likeness = Likeness(nearest, colbert, self._spelling(asked, wordings))
        decoy = Likeness(*np.zeros((3, len(asked), 1), dtype=np.float32))
        if self._labelled:
            to_labelled = self._labelled.cosines(view.dense)
            cosines = np.concatenate([cosines, to_labelled], axis=1)
            likeness = self._measured(likeness.or_nearer(self._labelled.likeness(asked, to_labelled, topics)))
            if self._has_decoys:
                nothing = np.full((len(asked), 1), NOTHING_FITS)
                decoy = self._measured(self._labelled.likeness(asked, to_labelled, nothing)).beside(likeness)
        else:
            likeness = self._measured(likeness)
        metric, dense, ngrams = (log[rows, topics] for log in logs)
        observed = Observed(
            log_metric=metric,
            log_dense=dense,
            log_characters=ngrams,
            nearest=likeness.dense,
            prototype=self._cohorts["prototype"].measure(
                np.einsum("qd,qkd->qk", view.metric, self._prototypes[topics])
            ),
            colbert=likeness.colbert,
            characters=characters[rows, topics],
            spelling=likeness.spelling,
            sizes=self._wordings.sizes[topics],
            mean_size=self._wordings.sizes.mean(),
            topics=self.count,
            coverage=coverage(view.characters),
            tokens=asked.tokens.lengths,
            typicality=self._cohorts["dense"].measure(self._classes.best(cosines)[:, : self.count].mean(axis=1)),
            decoy_metric=decoys[0],
            decoy_dense=decoys[1],
            decoy_characters=decoys[2],
            decoy_nearest=np.maximum(0.0, decoy.dense[:, 0]),
            decoy_colbert=np.maximum(0.0, decoy.colbert[:, 0]),
            decoy_spelling=decoy.spelling[:, 0],
        )
        return Evidence(topics, wordings, CANDIDATE_FEATURES.values(observed), QUESTION_FEATURES.values(observed))

    def _measured(self, likeness: Likeness) -> Likeness:
        """In deviations of the cohorts."""
        return Likeness(
            self._cohorts["dense"].measure(likeness.dense),
            self._cohorts["colbert"].measure(likeness.colbert),
            likeness.spelling,
        )

    def labelled_as(self, asked: Texts, topic: int) -> LabelledAs | None:
        """What people said of questions like one: the nearest that they gave to a topic; None where they gave none.

        Args:
            asked: One question.
            topic: Or `NOTHING_FITS`.
        """
        rows = self._labelled.of(topic) if self._labelled else ()
        if not self._labelled or not len(rows):
            return None
        cosines = self._labelled.cosines(self._view(asked).dense)[0, rows]
        return LabelledAs(self._labelled.text(int(rows[cosines.argmax()])), float(cosines.max()), len(rows))

    def _spelling(self, asked: Texts, wordings: Indices) -> Matrix:
        keys = [match_key(text) for text in asked.texts]
        pairs = zip(keys, wordings, strict=True)
        return np.array([[alike(key, self._keys[row]) for row in rows] for key, rows in pairs])

    def _colbert(self, question: Matrix, wordings: Indices) -> Matrix:
        return mean_max_sims(question, *self._known.tokens.gather(wordings))


def _parts(questions: int, wordings: int) -> list[Indices]:
    """The questions in groups so small that memory does not grow with questions x wordings."""
    return np.array_split(np.arange(questions), min(questions, -(-questions * wordings // _CELLS)))
