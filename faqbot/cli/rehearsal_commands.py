"""Trying the draft before customers get it: test questions, and real questions again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from faqbot.cli.options import FILE, container, print_json, with_config, with_json
from faqbot.cli.pace import Pace, asked
from faqbot.cli.terminal import give_up, padded, show
from faqbot.cli.verdicts import VERDICTS
from faqbot.contract import to_json
from faqbot.language import Text, _, _n

if TYPE_CHECKING:
    from faqbot.services.publishing.rehearsal import Decision, TestedQuestion


@click.group()
def tests() -> None:
    """Test questions, each with the decision that every version must make: import, export, run."""


@tests.command(name="import")
@click.argument("file", type=FILE)
@with_config
def import_tests(config: Path | None, file: Path) -> None:
    """Add test questions from JSON lines {"query", "gold"}; gold null means that nothing may answer."""
    from faqbot.evaluation.queries import read_queries
    from faqbot.services.publishing.question_tests import put_tests
    from faqbot.storage import QuestionTest

    queries = read_queries(file)
    kept, wanted = container(config).storage, [QuestionTest(q.text, min(q.golds, default="")) for q in queries]
    known = put_tests(kept.tests, kept.draft, wanted)
    taken = _n(
        "{count} test question imported from {file}",
        "{count} test questions imported from {file}",
        len(queries),
        file=file,
    )
    show(_("{taken}; there are {total} now.", taken=taken, total=len(known)))


@tests.command(name="export")
@click.argument("file", type=FILE)
@with_config
def export_tests(config: Path | None, file: Path) -> None:
    """Write the test questions as JSON lines."""
    rows = [{"query": test.text, "gold": test.entry_id or None} for test in container(config).storage.tests.all()]
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    show(
        _n(
            "{count} test question written to {file}.",
            "{count} test questions written to {file}.",
            len(rows),
            file=file,
        )
    )


@tests.command(name="run")
@with_json
@with_config
def run_tests(config: Path | None, as_json: bool) -> None:
    """Ask the draft and the current version the test questions; exit code 1 if one fails on the draft."""
    from faqbot.services.publishing.rehearsal import run_of

    tested = container(config).rehearsals.run_tests(Pace(asked))
    failed = [one for one in tested if not one.passed]
    if as_json:
        print_json(to_json(run_of(tested)))
    else:
        show(*(_failure(one) for one in failed))
        passed, total = len(tested) - len(failed), len(tested)
        show(
            _n(
                "{passed} of {count} test question passes on the draft.",
                "{passed} of {count} test questions pass on the draft.",
                total,
                passed=passed,
            )
        )
    if failed:
        give_up(
            _n(
                "{failed} of {count} test question fails on the draft.",
                "{failed} of {count} test questions fail on the draft.",
                len(tested),
                failed=len(failed),
            )
        )


@click.command()
@click.option(
    "--last", type=click.IntRange(1), default=1000, show_default=True, help="How many of the recorded questions to ask."
)
@with_json
@with_config
def replay(config: Path | None, last: int, as_json: bool) -> None:
    """Ask the draft the most recent real questions, and list every decision that would change."""
    found = container(config).rehearsals.replay(last, Pace(asked))
    if as_json:
        print_json(to_json(found))
        return
    for one in found.changed:
        show(
            _("{times:4} x  {text}", times=one.times, text=one.text),
            _("        {before}  ->  {after}", before=_shown(one.current), after=_shown(one.draft)),
        )
    count = _n("{count} question asked", "{count} questions asked", found.asked)
    changed = _n("the decision on {count} would change", "the decisions on {count} would change", len(found.changed))
    show(_("{asked}; {changed}.", asked=count, changed=changed))


def _failure(outcome: TestedQuestion) -> Text:
    return _(
        "{kind}  {text}: expected {expected}, got {got}",
        kind=padded(_("regression") if outcome.passed_before else _("failing"), 10),
        text=outcome.question,
        expected=outcome.entry_id or _("no answer"),
        got=_shown(outcome.draft),
    )


def _shown(decision: Decision) -> Text:
    verdict = VERDICTS[decision.verdict]
    if decision.entry_id:
        verdict = _("{verdict} {entry_id}", verdict=verdict, entry_id=decision.entry_id)
    return _("{verdict} ({confidence:.2f})", verdict=verdict, confidence=decision.confidence)
