"""What one run of the evaluation measured."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from faqbot.evaluation.metrics import Calibration, Metrics
from faqbot.matching.model.thresholds import Thresholds


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
