"""Measure a knowledge base on labelled questions, with the decision function that customers get."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from faqbot.encoder import Encoder
from faqbot.evaluation.baselines import run_baselines
from faqbot.evaluation.evaluation import Confusion, EntryMetrics, Evaluation
from faqbot.evaluation.metrics import Metrics, Outcome, calibration_of, measure
from faqbot.evaluation.queries import LabelledQuery
from faqbot.knowledge import Entry
from faqbot.matching.decision.decision import Decider, Judgement, Question
from faqbot.matching.search.scoring import MODES
from faqbot.services.answering.learning import PastQuestions, StageProgress, learn
from faqbot.services.answering.vectors import FreshVectors


def evaluate(
    entries: Sequence[Entry],
    queries: Sequence[LabelledQuery],
    encoder: Encoder,
    *,
    target_precision: float = 0.95,
    past: PastQuestions | None = None,
    baselines: bool = False,
    stage: StageProgress = lambda _name, _done, _total: None,
) -> Evaluation:
    """Learn the entries as publishing would, then ask every query.

    Args:
        entries: The knowledge base; disabled entries are left out.
        queries: Labelled questions; they take no part in any fit.
        encoder: Turns both into vectors.
        target_precision: Sets the answer threshold.
        past: Further questions to learn from; none of them is measured.
        baselines: Whether the rivals' ways are measured too.
        stage: Told of the progress.
    """
    enabled = [entry for entry in entries if entry.enabled]
    topics = {entry.entry_id: entry.topic for entry in enabled}
    decider = learn(enabled, FreshVectors(encoder), past, target_precision, stage).decider
    questions = _questions(decider, encoder, [query.text for query in queries], stage)
    golds = [_topics(query, topics) for query in queries]
    results = _ask(decider, questions, golds, stage)
    encodings = [question.encoding for question in questions]
    rivals = run_baselines(decider.index, golds, queries, encodings) if baselines else {}
    return Evaluation(
        queries=len(queries),
        answerable=sum(bool(gold) for gold in golds),
        model=encoder.info.model,
        faqbot=measure(results.outcomes["hybrid"], probabilities=True),
        modes={mode: measure(results.outcomes[mode], probabilities=mode == "hybrid") for mode in MODES},
        thresholds=decider.thresholds,
        calibration=calibration_of(results.outcomes["hybrid"]),
        entries=_per_entry(golds, results),
        baselines={name: measure(outcomes, probabilities=False) for name, outcomes in rivals.items()},
        languages=_per_language(queries, results.outcomes["hybrid"]),
        confusions=results.confusions(),
    )


def _questions(decider: Decider, encoder: Encoder, texts: Sequence[str], stage: StageProgress) -> list[Question]:
    spelt = [decider.spell(text) for text in texts]
    encodings = encoder.encode(spelt, lambda done, total: stage("queries", done, total))
    return [Question(*parts) for parts in zip(texts, spelt, encodings, strict=True)]


@dataclass
class _Results:
    """What came of the questions, gathered one by one."""

    outcomes: dict[str, list[Outcome]]
    wrong: Counter[tuple[str, str]]
    examples: dict[tuple[str, str], str]
    best: list[str | None]

    def add(self, mode: str, question: Question, golds: frozenset[str], judgement: Judgement) -> None:
        matches = judgement.matches
        self.outcomes[mode].append(_outcome(mode, judgement, golds))
        if mode == "hybrid":
            self.best.append(matches[0].wording.topic if matches else None)
        if mode == "hybrid" and matches and golds and matches[0].wording.topic not in golds:
            pair = (min(golds), matches[0].wording.topic)
            self.wrong[pair] += 1
            self.examples.setdefault(pair, question.text)

    def confusions(self) -> tuple[Confusion, ...]:
        return tuple(Confusion(*pair, count, self.examples[pair]) for pair, count in self.wrong.most_common(20))


def _ask(
    decider: Decider, questions: Sequence[Question], golds: Sequence[frozenset[str]], stage: StageProgress
) -> _Results:
    results = _Results({mode: [] for mode in MODES}, Counter(), {}, [])
    rankings = decider.matcher.rank_many(
        [question.spelt for question in questions],
        [question.encoding for question in questions],
        progress=lambda done, total: stage("ranking", done, total),
    )
    for number, (question, gold, ranking) in enumerate(zip(questions, golds, rankings, strict=True), start=1):
        for mode in MODES:
            results.add(mode, question, gold, decider.judge(question, decider.bounds, mode=mode, ranking=ranking))
        if number % 200 == 0 or number == len(questions):
            stage("questions", number, len(questions))
    return results


def _topics(query: LabelledQuery, topics: Mapping[str, str]) -> frozenset[str]:
    return frozenset(topics.get(gold, gold) for gold in query.golds)


def _outcome(mode: str, judgement: Judgement, golds: frozenset[str]) -> Outcome:
    """A mode alone is as confident as its score; only the product claims a probability and takes a decision."""
    matches = judgement.matches
    rank = next((place for place, match in enumerate(matches, start=1) if match.wording.topic in golds), None)
    best = matches[0] if matches else None
    if mode != "hybrid":
        return Outcome(rank, best.score if best else 0.0, bool(golds))
    return Outcome(rank, best.confidence if best else 0.0, bool(golds), judgement.verdict.name == "answer")


def _per_language(queries: Sequence[LabelledQuery], outcomes: Sequence[Outcome]) -> dict[str, Metrics]:
    parts: dict[str, list[Outcome]] = {}
    for query, outcome in zip(queries, outcomes, strict=True):
        parts.setdefault(query.language or "?", []).append(outcome)
    return {language: measure(part, probabilities=True) for language, part in sorted(parts.items())}


def _per_entry(golds: Sequence[frozenset[str]], results: _Results) -> dict[str, EntryMetrics]:
    outcomes = results.outcomes["hybrid"]
    own: dict[str, list[Outcome]] = {}
    attracted: Counter[str] = Counter()
    for gold, best, outcome in zip(golds, results.best, outcomes, strict=True):
        for topic in gold:
            own.setdefault(topic, []).append(outcome)
        if best and outcome.answered and best not in gold:
            attracted[best] += 1
    found = {
        topic: EntryMetrics(
            questions=len(asked),
            hit_at_1=sum(outcome.right for outcome in asked) / len(asked) if asked else None,
            answered=sum(bool(outcome.answered) for outcome in asked) / len(asked) if asked else None,
            attracted=attracted[topic],
        )
        for topic in sorted({*own, *attracted})
        for asked in [own.get(topic, [])]
    }
    lost = {topic: sum(not outcome.right for outcome in own.get(topic, [])) + attracted[topic] for topic in found}
    return {topic: found[topic] for topic in sorted(found, key=lambda topic: -lost[topic])}
