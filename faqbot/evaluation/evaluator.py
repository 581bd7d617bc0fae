"""Measure a knowledge base on labelled questions, with the decision function that customers get."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from faqbot.encoder import Encoder
from faqbot.evaluation.baselines import run_baselines
from faqbot.evaluation.metrics import Metrics, Outcome, measure
from faqbot.evaluation.queries import LabelledQuery
from faqbot.knowledge import Entry, wordings_of
from faqbot.matching.decision import Question, judge
from faqbot.matching.index import WordingIndex
from faqbot.matching.match import Match
from faqbot.matching.mode_ranking import ModeRanker
from faqbot.matching.scoring import MODES, UNRELATED_TEXTS, measure_scale
from faqbot.matching.verdict import Thresholds

Stage = Callable[[str, int, int], None]
"""Called with (what is being done, done, total)."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """A wrong best entry and how often it was taken for the right one."""

    gold: str
    taken: str
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that one run measured.

    Attributes:
        queries: Questions asked.
        answerable: Of them, those with an entry that answers them.
        model: Name of the encoder.
        faqbot: The product as customers get it.
        modes: Each mode alone, through the same matcher.
        baselines: The rivals' ways; empty unless asked for.
        languages: The product per language of the questions.
        confusions: The most frequent wrong entries, at most 20.
    """

    queries: int
    answerable: int
    model: str
    faqbot: Metrics
    modes: dict[str, Metrics]
    baselines: dict[str, Metrics] = field(default_factory=dict)
    languages: dict[str, Metrics] = field(default_factory=dict)
    confusions: tuple[Confusion, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The contract's shape."""
        return {
            "queries": self.queries,
            "answerable": self.answerable,
            "model": self.model,
            "faqbot": self.faqbot.to_json(),
            "modes": {name: metrics.to_json() for name, metrics in self.modes.items()},
            "baselines": {name: metrics.to_json() for name, metrics in self.baselines.items()},
            "languages": {name: metrics.to_json() for name, metrics in self.languages.items()},
            "confusions": [
                {"gold": c.gold, "taken": c.taken, "count": c.count, "example": c.example} for c in self.confusions
            ],
        }


def evaluate(
    entries: Sequence[Entry],
    queries: Sequence[LabelledQuery],
    encoder: Encoder,
    *,
    thresholds: Thresholds,
    baselines: bool = False,
    stage: Stage = lambda _name, _done, _total: None,
) -> Evaluation:
    """Ask every query of an index over the entries.

    Args:
        entries: The knowledge base; disabled entries are left out.
        queries: Labelled questions; they take no part in any fit.
        encoder: Turns both into vectors.
        thresholds: The bounds of the verdict.
        baselines: Whether the rivals' ways are measured too.
        stage: Told of the progress.
    """
    enabled = [entry for entry in entries if entry.enabled]
    wordings = wordings_of(enabled)
    index = WordingIndex(
        wordings, encoder.encode([w.text for w in wordings], lambda done, total: stage("wordings", done, total))
    )
    encodings = encoder.encode([q.text for q in queries], lambda done, total: stage("queries", done, total))
    matcher = ModeRanker(index, measure_scale(encoder.encode(UNRELATED_TEXTS)))
    topics = {entry.entry_id: entry.topic for entry in enabled}
    golds = [frozenset(topics.get(gold, gold) for gold in query.golds) for query in queries]
    results: dict[str, list[Outcome]] = {mode: [] for mode in MODES}
    wrong: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for number, (query, encoding) in enumerate(zip(queries, encodings, strict=True)):
        question = Question(query.text, encoding)
        for mode in MODES:
            matches, verdict = judge(matcher, thresholds, question, mode=mode)
            results[mode].append(_outcome(matches, golds[number], verdict.name == "answer"))
            if mode == "hybrid" and matches and golds[number] and matches[0].wording.topic not in golds[number]:
                pair = (min(golds[number]), matches[0].wording.topic)
                wrong[pair] += 1
                examples.setdefault(pair, query.text)
        if number % 100 == 99 or number + 1 == len(queries):
            stage("questions", number + 1, len(queries))
    rivals = run_baselines(index, golds, queries, encodings) if baselines else {}
    return Evaluation(
        queries=len(queries),
        answerable=sum(bool(g) for g in golds),
        model=encoder.info.model,
        faqbot=measure(results["hybrid"], probabilities=True),
        modes={mode: measure(outcomes, probabilities=True) for mode, outcomes in results.items()},
        baselines={name: measure(outcomes, probabilities=False) for name, outcomes in rivals.items()},
        languages=_per_language(queries, results["hybrid"]),
        confusions=tuple(Confusion(*pair, count, examples[pair]) for pair, count in wrong.most_common(20)),
    )


def _outcome(matches: Sequence[Match], golds: frozenset[str], answered: bool) -> Outcome:
    rank = next((place for place, match in enumerate(matches, start=1) if match.wording.topic in golds), None)
    confidence = matches[0].confidence if matches else 0.0
    return Outcome(rank, confidence, bool(golds), answered)


def _per_language(queries: Sequence[LabelledQuery], outcomes: Sequence[Outcome]) -> dict[str, Metrics]:
    parts: dict[str, list[Outcome]] = {}
    for query, outcome in zip(queries, outcomes, strict=True):
        parts.setdefault(query.language or "?", []).append(outcome)
    return {language: measure(part, probabilities=True) for language, part in sorted(parts.items())}
