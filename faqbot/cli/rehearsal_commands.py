"""Trying the draft before customers get it: test questions, and real questions again."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from faqbot.cli.options import FILE, container, print_json, say, with_config, with_json
from faqbot.cli.pace import Pace
from faqbot.services.publishing.rehearsal import Decision
from faqbot.storage import QuestionTest


@click.group()
def tests() -> None:
    """Test questions, each with the decision that every version has to make: import, export, run."""


@tests.command(name="import")
@click.argument("file", type=FILE)
@with_config
def import_tests(config: Path | None, file: Path) -> None:
    """Add test questions from JSON lines {"query", "gold"}; gold null: nothing may answer."""
    from faqbot.evaluation.queries import read_queries

    queries = read_queries(file)
    known = container(config).tests.put([QuestionTest(q.text, min(q.golds, default="")) for q in queries])
    click.echo(f"{len(queries)} test questions taken from {file}; there are {len(known)} now.")


@tests.command(name="export")
@click.argument("file", type=FILE)
@with_config
def export_tests(config: Path | None, file: Path) -> None:
    """Write the test questions as JSON lines."""
    rows = [{"query": test.text, "gold": test.entry_id or None} for test in container(config).tests.all()]
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    click.echo(f"{len(rows)} test questions written to {file}.")


@tests.command(name="run")
@with_json
@with_config
def run_tests(config: Path | None, as_json: bool) -> None:
    """Ask the test questions of the draft and of the current version; exit code 1 where one fails on the draft."""
    tested = container(config).rehearsals.run_tests(Pace("asked", "questions"))
    failed = [one for one in tested if not one.passed]
    if as_json:
        print_json([asdict(one) for one in tested])
    else:
        for one in failed:
            kind = "regression" if one.passed_before else "failing"
            expected = one.test.entry_id or "no answer"
            click.echo(f"{kind:10}  {one.test.text}: expected {expected}, got {_shown(one.draft)}")
        click.echo(f"{len(tested) - len(failed)} of {len(tested)} test questions pass on the draft.")
    if failed:
        say(f"faqbot: {len(failed)} of {len(tested)} test questions fail on the draft.")
        sys.exit(1)


@click.command()
@click.option("--last", type=click.IntRange(1), default=1000, show_default=True, help="How many of the kept questions.")
@with_json
@with_config
def replay(config: Path | None, last: int, as_json: bool) -> None:
    """Ask the last real questions of the draft, and list every decision that changes."""
    found = container(config).rehearsals.replay(last, Pace("asked", "questions"))
    if as_json:
        print_json(asdict(found))
        return
    for one in found.changed:
        click.echo(f"{one.times:4} x  {one.text}")
        click.echo(f"        {_shown(one.current)}  ->  {_shown(one.draft)}")
    click.echo(f"{found.asked} questions, {len(found.changed)} different ones are decided otherwise.")


def _shown(decision: Decision) -> str:
    return f"{decision.verdict} {decision.entry_id}".strip() + f" ({decision.confidence:.2f})"
