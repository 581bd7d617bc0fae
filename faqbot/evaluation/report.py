"""An evaluation as a Markdown table for people."""

from __future__ import annotations

from faqbot.evaluation.evaluation import EntryMetrics, Evaluation
from faqbot.evaluation.metrics import Calibration, Metrics
from faqbot.matching.model.thresholds import Thresholds

_WORST = 20
_SOURCES = {"passages": "wordings asked of the long answers"}
_COLUMNS = (
    ("hit@1", "hit_at_1"),
    ("hit@5", "hit_at_5"),
    ("MRR@10", "mrr_at_10"),
    ("AUROC", "auroc"),
    ("cov@90", "coverage_at_90"),
    ("cov@95", "coverage_at_95"),
    ("cov@98", "coverage_at_98"),
    ("answered", "answered"),
    ("precision", "answered_precision"),
    ("ECE", "ece"),
)


def markdown(evaluation: Evaluation) -> str:
    """The table, the languages, how far confidence can be believed, the worst entries and the worst confusions."""
    lines = [
        f"{evaluation.queries} questions, {evaluation.answerable} of them answerable; model {evaluation.model}",
        "",
        "| method | " + " | ".join(title for title, _ in _COLUMNS) + " |",
        "|---" * (len(_COLUMNS) + 1) + "|",
        _row("**faqbot**", evaluation.faqbot),
    ]
    lines += [_row(f"mode {name}", metrics) for name, metrics in evaluation.modes.items()]
    lines += [_row(f"baseline {name}", metrics) for name, metrics in evaluation.baselines.items()]
    if len(evaluation.languages) > 1:
        lines += [_row(f"language {name}", metrics) for name, metrics in evaluation.languages.items()]
    lines += ["", record(evaluation.thresholds), "", *_calibration(evaluation.calibration)]
    lines += ["", *_entries(evaluation.entries)]
    if evaluation.confusions:
        lines += ["", "| right | taken instead | times | for example |", "|---|---|---|---|"]
        lines += [f"| {c.gold} | {c.taken} | {c.count} | {_cell(c.example)} |" for c in evaluation.confusions]
    return "\n".join(lines)


def _calibration(calibration: Calibration) -> list[str]:
    return [
        f"Brier score {calibration.brier:.3f}. Of questions with about this confidence, so many were right:",
        "",
        "| confidence | mean | right | questions |",
        "|---|---|---|---|",
        *(
            f"| {row.low:.2f} to {row.high:.2f} | {row.mean_confidence:.3f} | {row.precision:.3f} | {row.count} |"
            for row in calibration.reliability
        ),
    ]


def _entries(entries: dict[str, EntryMetrics]) -> list[str]:
    shown = list(entries.items())[:_WORST]
    title = f"The {len(shown)} entries that lost or attracted most" if len(entries) > _WORST else "Per entry"
    lines = [f"{title}:", "", "| entry | its questions | hit@1 | answered | of others |", "|---|---|---|---|---|"]
    for name, row in shown:
        hit, answered = ("-" if value is None else f"{value:.3f}" for value in (row.hit_at_1, row.answered))
        lines.append(f"| {_cell(name)} | {row.questions} | {hit} | {answered} | {row.attracted} |")
    return lines


def record(thresholds: Thresholds) -> str:
    """What was learned from what, and what it promises, in one line."""
    interval = ", {:.3f} to {:.3f} on the sample".format(*thresholds.interval) if thresholds.interval else ""
    precision = "-" if thresholds.precision is None else f"{thresholds.precision:.3f}"
    lines = (
        f"Learned from {thresholds.sample} {_SOURCES.get(thresholds.source, thresholds.source)}:",
        f"answer from {thresholds.answer:.3f}, suggest from {thresholds.suggest:.3f};",
        f"target precision {thresholds.target_precision:.2f}, expected {precision}{interval},",
        f"coverage {thresholds.coverage:.3f};",
        f"share without an answer {thresholds.share:.2f} ({thresholds.share_source})"
        + ("; the sample is small, so the threshold is cautious." if thresholds.cautious else "."),
    )
    return " ".join(lines)


def _row(name: str, metrics: Metrics) -> str:
    values = [getattr(metrics, attribute) for _, attribute in _COLUMNS]
    return f"| {name} | " + " | ".join("-" if value is None else f"{value:.3f}" for value in values) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")[:60]
