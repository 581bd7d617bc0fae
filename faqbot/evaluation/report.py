"""An evaluation as Markdown for people."""

from __future__ import annotations

from faqbot.evaluation.evaluation import EntryMetrics, Evaluation
from faqbot.evaluation.metrics import Calibration, Metrics
from faqbot.language import Text, _, _n
from faqbot.matching.model.thresholds import Thresholds

_WORST = 20
_SOURCES = {
    "wordings": _("wordings"),
    "labelled": _("labelled questions"),
    "passages": _("wordings asked of the long answers"),
}
_SHARE_SOURCES = {
    "given": _("as given"),
    "labelled": _("of the labelled questions"),
    "traffic": _("of customers' questions"),
    "default": _("assumed"),
}
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


def report(evaluation: Evaluation) -> list[str]:
    """The table, the languages, how far confidence can be believed, the worst entries and the worst confusions."""
    head = _n("{count} question", "{count} questions", evaluation.queries)
    lines = [
        _(
            "{questions}, {answerable} of them answerable; model {model}",
            questions=head,
            answerable=evaluation.answerable,
            model=evaluation.model,
        ),
        "",
        _("| method | {columns} |", columns=" | ".join(title for title, _attribute in _COLUMNS)),
        "|---" * (len(_COLUMNS) + 1) + "|",
        _row("**faqbot**", evaluation.faqbot),
    ]
    lines += [_row(_("mode {name}", name=name), metrics) for name, metrics in evaluation.modes.items()]
    lines += [_row(_("baseline {name}", name=name), metrics) for name, metrics in evaluation.baselines.items()]
    if len(evaluation.languages) > 1:
        lines += [_row(_("language {name}", name=name), metrics) for name, metrics in evaluation.languages.items()]
    lines += ["", record(evaluation.thresholds), "", *_calibration(evaluation.calibration)]
    lines += ["", *_entries(evaluation.entries)]
    if evaluation.confusions:
        lines += ["", _("| right | taken instead | times | for example |"), "|---|---|---|---|"]
        lines += [f"| {c.gold} | {c.taken} | {c.count} | {_cell(c.example)} |" for c in evaluation.confusions]
    return lines


def _calibration(calibration: Calibration) -> list[str]:
    return [
        _(
            "Brier score {brier:.3f}. Of the questions with about this confidence, so many were answered right:",
            brier=calibration.brier,
        ),
        "",
        _("| confidence | mean | right | questions |"),
        "|---|---|---|---|",
        *(
            _(
                "| {low:.2f} to {high:.2f} | {mean:.3f} | {precision:.3f} | {count} |",
                low=row.low,
                high=row.high,
                mean=row.mean_confidence,
                precision=row.precision,
                count=row.count,
            )
            for row in calibration.reliability
        ),
    ]


def _entries(entries: dict[str, EntryMetrics]) -> list[str]:
    shown = list(entries.items())[:_WORST]
    title = (
        _("The {count} entries that lost or attracted most:", count=len(shown))
        if len(entries) > _WORST
        else _("Per entry:")
    )
    lines = [title, "", _("| entry | its questions | hit@1 | answered | of others |"), "|---|---|---|---|---|"]
    for name, row in shown:
        hit, answered = ("-" if value is None else f"{value:.3f}" for value in (row.hit_at_1, row.answered))
        lines.append(f"| {_cell(name)} | {row.questions} | {hit} | {answered} | {row.attracted} |")
    return lines


def record(thresholds: Thresholds) -> Text:
    """What was learned from what, and what it promises, in one line."""
    expected: Text | str = "-" if thresholds.precision is None else f"{thresholds.precision:.3f}"
    if thresholds.interval:
        low, high = thresholds.interval
        expected = _("{expected}, {low:.3f} to {high:.3f} on the sample", expected=expected, low=low, high=high)
    line = _(
        "Learned from {sample} {source}: answer from {answer:.3f}, suggest from {suggest:.3f}; "
        "target precision {target:.2f}, expected {expected}, coverage {coverage:.3f}; "
        "share without an answer {share:.2f} ({share_source})",
        sample=thresholds.sample,
        source=_SOURCES[thresholds.source],
        answer=thresholds.answer,
        suggest=thresholds.suggest,
        target=thresholds.target_precision,
        expected=expected,
        coverage=thresholds.coverage,
        share=thresholds.share,
        share_source=_SHARE_SOURCES[thresholds.share_source],
    )
    if thresholds.cautious:
        return _("{line}; the sample is small, so the threshold is cautious.", line=line)
    return _("{line}.", line=line)


def _row(name: str, metrics: Metrics) -> Text:
    values = [getattr(metrics, attribute) for _title, attribute in _COLUMNS]
    cells = " | ".join("-" if value is None else f"{value:.3f}" for value in values)
    return _("| {name} | {cells} |", name=name, cells=cells)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")[:60]
