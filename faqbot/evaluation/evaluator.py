"""Measure a knowledge base on labelled questions, with the decision function that customers get."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from faqbot.encoder import Encoder
from faqbot.evaluation.baselines import run_baselines
from faqbot.evaluation.metrics import Calibration, Metrics, Outcome, calibration_of, measure
from faqbot.evaluation.queries import LabelledQuery
from faqbot.knowledge import Entry, wordings_of
from faqbot.matching.decision.decision import MOST_TOPICS, Decider, Judgement, Question, spell
from faqbot.matching.model.learning import Labelled, RealQuestions, fit
from faqbot.matching.model.prior import load_prior
from faqbot.matching.model.thresholds import Thresholds
from faqbot.matching.passages.learning import Asked
from faqbot.matching.search.scoring import MODES, UNRELATED_TEXTS, measure_scale
from faqbot.matching.spelling.respelling import Respeller
from faqbot.passages import passages_of
from faqbot.services.answering.documents import Documents, searching

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
class EntryMetrics:
    """How one topic's own questions fared.

    Attributes:
        questions: Asked that this topic answers.
        hit_at_1: Share of them whose best topic was right.
        answered: Share of them that were answered directly, rightly or wrongly.
        attracted: Questions of others, or of nobody, that were answered directly with this topic.
    """

    questions: int
    hit_at_1: float | None
    answered: float | None
    attracted: int


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
        thresholds: That were learned, with their record.
        calibration: How far the product's confidence on these questions can be believed.
        entries: Per topic, those that lost or attracted most first.
    """

    queries: int
    answerable: int
    model: str
    faqbot: Metrics
    modes: dict[str, Metrics]
    thresholds: Thresholds
    calibration: Calibration
    entries: dict[str, EntryMetrics]
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
            "thresholds": asdict(self.thresholds),
            "calibration": asdict(self.calibration),
            "entries": {name: asdict(metrics) for name, metrics in self.entries.items()},
            "confusions": [
                {"gold": c.gold, "taken": c.taken, "count": c.count, "example": c.example} for c in self.confusions
            ],
        }


@dataclass(frozen=True, slots=True)
class Sample:
    """Questions to learn from; none of them is measured.

    Attributes:
        labelled: With their entries.
        traffic: Without.
    """

    labelled: Sequence[LabelledQuery] = ()
    traffic: Sequence[str] = ()


def evaluate(
    entries: Sequence[Entry],
    queries: Sequence[LabelledQuery],
    encoder: Encoder,
    *,
    target_precision: float = 0.95,
    sample: Sample | None = None,
    baselines: bool = False,
    stage: Stage = lambda _name, _done, _total: None,
) -> Evaluation:
    """Learn the entries as publishing would, then ask every query.

    Args:
        entries: The knowledge base; disabled entries are left out.
        queries: Labelled questions; they take no part in any fit.
        encoder: Turns both into vectors.
        target_precision: Sets the answer threshold.
        sample: Further questions to learn from.
        baselines: Whether the rivals' ways are measured too.
        stage: Told of the progress.
    """
    enabled = [entry for entry in entries if entry.enabled]
    topics = {entry.entry_id: entry.topic for entry in enabled}
    decider = _learn(enabled, encoder, target_precision, sample or Sample(), stage)
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
        thresholds=decider.matcher.fitted.thresholds,
        calibration=calibration_of(results.outcomes["hybrid"]),
        entries=_per_entry(golds, results),
        baselines={name: measure(outcomes, probabilities=False) for name, outcomes in rivals.items()},
        languages=_per_language(queries, results.outcomes["hybrid"]),
        confusions=results.confusions(),
    )


def _learn(
    entries: Sequence[Entry], encoder: Encoder, target_precision: float, sample: Sample, stage: Stage
) -> Decider:
    wordings = wordings_of(entries)
    encodings = encoder.encode([w.text for w in wordings], lambda done, total: stage("wordings", done, total))
    respeller = Respeller([wording.text for wording in wordings])
    topics = {entry.entry_id: entry.topic for entry in entries}
    labelled_texts = [spell(respeller, query.text) for query in sample.labelled]
    traffic_texts = [spell(respeller, text) for text in sample.traffic]
    labelled = [
        Labelled(text, encoding, _topics(query, topics))
        for text, encoding, query in zip(labelled_texts, encoder.encode(labelled_texts), sample.labelled, strict=True)
    ]
    fitted = fit(
        wordings,
        encodings,
        prior=load_prior(encoder.info.model),
        real=RealQuestions(
            labelled=labelled, traffic=list(zip(traffic_texts, encoder.encode(traffic_texts), strict=True))
        ),
        target_precision=target_precision,
        progress=lambda done, total: stage("learning", done, total),
    )
    scale = measure_scale(encoder.encode(UNRELATED_TEXTS))
    documents = _documents(entries, encoder, stage)
    if documents:
        asked = [Asked(one.encoding, one.topics) for one in labelled]
        learned = documents.learn(entries, encodings, encoder, asked, target_precision)
        fitted = replace(fitted, passages=learned)
    return Decider(wordings, encodings, fitted, scale, searching(documents, fitted, scale))


def _documents(entries: Sequence[Entry], encoder: Encoder, stage: Stage) -> Documents | None:
    passages = tuple(passages_of(entries))
    if not passages:
        return None
    texts = [passage.wording.text for passage in passages]
    return Documents(passages, encoder.encode(texts, lambda done, total: stage("passages", done, total)))


def _questions(decider: Decider, encoder: Encoder, texts: Sequence[str], stage: Stage) -> list[Question]:
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


def _ask(decider: Decider, questions: Sequence[Question], golds: Sequence[frozenset[str]], stage: Stage) -> _Results:
    results = _Results({mode: [] for mode in MODES}, Counter(), {}, [])
    rankings = decider.matcher.rank_many(
        [question.spelt for question in questions],
        [question.encoding for question in questions],
        limit=MOST_TOPICS,
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
