"""Quality: evaluate."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from faqbot.cli.options import FILE, print_json, say, with_config, with_json, workshop
from faqbot.errors import RowsRefused


@click.command()
@click.option("--kb", required=True, type=FILE, help="Knowledge base in any import format.")
@click.option("--queries", "queries_file", required=True, type=FILE, help='JSON lines {"query", "gold"}.')
@click.option("--baselines", is_flag=True, help="Measure the rivals' ways in the same run.")
@with_json
@with_config
def evaluate(config: Path | None, kb: Path, queries_file: Path, baselines: bool, as_json: bool) -> None:
    """Measure a knowledge base on labelled questions; the database is not touched."""
    from faqbot.evaluation.evaluator import evaluate as run
    from faqbot.evaluation.queries import read_queries
    from faqbot.evaluation.report import markdown
    from faqbot.formats import read_rows
    from faqbot.matching.verdict import Thresholds

    parsed = read_rows(kb)
    if parsed.errors:
        raise RowsRefused(f"{kb}: line {parsed.errors[0].line}: {parsed.errors[0].message}")
    queries = read_queries(queries_file)
    parts = workshop(config)
    result = run(
        [entry for _, entry in parsed.entries],
        queries,
        parts.encoder,
        thresholds=Thresholds(0.8, 0.15),
        baselines=baselines,
        stage=_progress_line,
    )
    print_json(result.to_json()) if as_json else click.echo(markdown(result))


def _progress_line(stage: str, done: int, total: int) -> None:
    if done == total or sys.stderr.isatty():
        say(f"{stage}: {done} of {total}")
