"""Quality: evaluate, calibrate, thresholds."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from faqbot.cli.options import FILE, container, print_json, with_config, with_json
from faqbot.cli.terminal import padded, say, show
from faqbot.contract import to_json
from faqbot.errors import RowsRefused
from faqbot.language import Text, _, _n

if TYPE_CHECKING:
    from faqbot.evaluation.queries import LabelledQuery
    from faqbot.matching.model.thresholds import Lesson, LessonSource
    from faqbot.services.values.thresholds import EarlierThresholds, ThresholdReport, TrafficEffect
    from faqbot.storage import LabelledQuestion

_STAGES: dict[str, Text] = {
    "learning": _("learning"),
    "queries": _("questions encoded"),
    "ranking": _("questions ranked"),
    "questions": _("questions decided"),
    "encoding": _("texts encoded"),
}


@click.command()
@click.option("--kb", required=True, type=FILE, help="Knowledge base, in any import format.")
@click.option("--queries", "queries_file", required=True, type=FILE, help='JSON lines {"query", "gold"}.')
@click.option(
    "--labelled", type=FILE, help="More labelled questions to learn from, in the format of --queries; not measured."
)
@click.option("--traffic", type=FILE, help='Unlabelled questions to learn from, JSON lines {"query"}.')
@click.option("--target-precision", type=click.FloatRange(0, 1), help="Default: matching.target_precision.")
@click.option("--baselines", is_flag=True, help="Also measure the usual methods, for comparison.")
@with_json
@with_config
def evaluate(
    config: Path | None,
    kb: Path,
    queries_file: Path,
    labelled: Path | None,
    traffic: Path | None,
    target_precision: float | None,
    baselines: bool,
    as_json: bool,
) -> None:
    """Learn a knowledge base and measure it on labelled questions, without touching the database."""
    from faqbot.evaluation.evaluator import evaluate as run
    from faqbot.evaluation.queries import read_queries, read_texts
    from faqbot.evaluation.report import report
    from faqbot.formats import read_rows
    from faqbot.services.answering.learning import PastQuestions

    parsed = read_rows(kb)
    if parsed.errors:
        first = parsed.errors[0]
        raise RowsRefused(_("{file}, line {line}: {message}", file=kb, line=first.line, message=first.message))
    queries = read_queries(queries_file)
    past = PastQuestions(
        labelled=_labels(read_queries(labelled)) if labelled else (), traffic=read_texts(traffic) if traffic else ()
    )
    parts = container(config)
    own_target = parts.settings.matching.target_precision
    result = run(
        [entry for _, entry in parsed.entries],
        queries,
        parts.encoder,
        target_precision=own_target if target_precision is None else target_precision,
        past=past,
        baselines=baselines,
        stage=_progress_line,
    )
    print_json(result.to_json()) if as_json else show(*report(result))


@click.command()
@click.option("--queries", "queries_file", type=FILE, help='Labelled questions, JSON lines {"query", "gold"}; kept.')
@click.option("--target-precision", type=click.FloatRange(0, 1), help="Default: matching.target_precision.")
@with_json
@with_config
def calibrate(config: Path | None, queries_file: Path | None, target_precision: float | None, as_json: bool) -> None:
    """Learn the confidence and the thresholds of the current version again, and publish the result.

    Labelled questions are kept: every later publication learns from them too.
    """
    from faqbot.evaluation.queries import read_queries
    from faqbot.evaluation.report import record

    queries = read_queries(queries_file) if queries_file else None
    done = container(config).publishing.calibrate(
        None if queries is None else _labels(queries),
        target_precision=target_precision,
        progress=_progress_line,
    )
    if as_json:
        print_json(to_json(done))
        return
    show(record(done.thresholds))
    if done.passages:
        show(record(done.passages))


@click.group(invoke_without_command=True)
@click.option("--version", type=click.IntRange(1), help="Default: the version that customers have.")
@with_json
@with_config
@click.pass_context
def thresholds(context: click.Context, config: Path | None, version: int | None, as_json: bool) -> None:
    """Show the thresholds of a version, what moved them and by how much."""
    if context.invoked_subcommand:
        return
    found = container(config).publishing.thresholds(version)
    print_json(to_json(found)) if as_json else show(*threshold_lines(found))


@thresholds.command(name="reset-traffic")
@with_config
def reset_traffic(config: Path | None) -> None:
    """Answer as the current version was learned, and watch traffic anew; running servers follow at once."""
    container(config).storage.traffic.reset()
    show(_("What traffic did to the thresholds is taken back."))


def threshold_lines(found: ThresholdReport) -> list[Text]:
    """A report on thresholds for people."""
    lines = []
    if before := found.before:
        lines.append(_line(_("before, version {number}", number=before.version), before))
    lines += [_line(_source(one), one) for one in found.lessons]
    lines.append(_line(_("version {number}", number=found.version), found))
    if moved := found.traffic:
        lines.append(_line(_("moved by traffic at {time}", time=moved.at[:19]), moved))
    return lines


def _source(one: Lesson) -> Text:
    count = one.questions
    names: dict[LessonSource, Text] = {
        "wordings": _n("from {count} wording", "from {count} wordings", count),
        "labels": _n("and {count} label", "and {count} labels", count),
        "feedback": _n("and {count} piece of feedback", "and {count} pieces of feedback", count),
    }
    return names[one.source]


def _line(name: Text, one: EarlierThresholds | Lesson | ThresholdReport | TrafficEffect) -> Text:
    return _(
        "{name}  answers from {answer:.3f}, suggests from {suggest:.3f}, expected coverage {coverage:.1%}",
        name=padded(name, 34),
        answer=one.answer,
        suggest=one.suggest,
        coverage=one.coverage,
    )


def _labels(queries: Sequence[LabelledQuery]) -> list[LabelledQuestion]:
    from faqbot.storage import LabelledQuestion

    return [LabelledQuestion(query.text, query.golds) for query in queries]


def _progress_line(stage: str, done: int, total: int) -> None:
    if done == total or sys.stderr.isatty():
        say(_("{stage}: {done} of {total}", stage=_STAGES[stage], done=done, total=total))
