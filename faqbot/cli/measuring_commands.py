"""Quality: evaluate and calibrate."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from faqbot.cli.options import FILE, container, print_json, with_config, with_json
from faqbot.cli.terminal import say, show
from faqbot.contract import to_json
from faqbot.errors import RowsRefused
from faqbot.language import Text, _

if TYPE_CHECKING:
    from faqbot.evaluation.queries import LabelledQuery
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


def _labels(queries: Sequence[LabelledQuery]) -> list[LabelledQuestion]:
    from faqbot.storage import LabelledQuestion

    return [LabelledQuestion(query.text, query.golds) for query in queries]


def _progress_line(stage: str, done: int, total: int) -> None:
    if done == total or sys.stderr.isatty():
        say(_("{stage}: {done} of {total}", stage=_STAGES[stage], done=done, total=total))
