"""What customers asked and thought of replies: looked at, taken along, erased, dismissed."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from faqbot.cli.options import container, print_json, with_config, with_json
from faqbot.cli.terminal import show
from faqbot.contract import to_json
from faqbot.errors import FileError
from faqbot.language import _, _n


@click.group()
def questions() -> None:
    """Kept questions: list, export, erase."""


@questions.command(name="list")
@click.option("--verdict", type=click.Choice(["answer", "suggest", "fallback"]), help="Only those with this verdict.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many at most.")
@with_json
@with_config
def list_command(config: Path | None, verdict: str | None, limit: int, as_json: bool) -> None:
    """List the last questions, newest first."""
    from faqbot.services.values.pages import AskedPage, page_of

    found = container(config).storage.questions.last(verdict=verdict, limit=limit + 1)
    page = AskedPage(*page_of(found, limit))
    if as_json:
        print_json(to_json(page))
        return
    shown = page.questions
    show(*(f"{one.number:>6}  {one.created_at[:19]}  {one.verdict:8} {one.entry_id:24}  {one.text}" for one in shown))


@questions.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--matching", default="", help="Only questions that contain this text.")
@with_config
def export(config: Path | None, file: Path, matching: str) -> None:
    """Write the kept questions to a JSON Lines file that only its owner can read."""
    found = container(config).storage.questions.export(matching)
    try:
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in found)
    except OSError as error:
        raise FileError(
            _("{path} cannot be written: {reason}; choose another place.", path=file, reason=error.strerror)
        ) from None
    show(_n("{count} question written.", "{count} questions written.", len(found)))


@questions.command()
@click.option("--matching", default="", help="Only questions that contain this text.")
@click.option("--session", default="", help="Only questions of one conversation or user, as the channel names it.")
@click.option("--all", "every", is_flag=True, help="Every kept question.")
@with_json
@with_config
def erase(config: Path | None, matching: str, session: str, every: bool, as_json: bool) -> None:
    """Erase kept questions and the feedback on them for good; list the backups that may still hold them."""
    if every == bool(matching or session):
        raise click.UsageError(_("Say which: `--matching TEXT`, `--session ID`, both, or `--all`."))
    done = container(config).erasing.erase(matching=matching, session=session, every=every)
    if as_json:
        print_json(to_json(done))
        return
    show(_n("{count} question erased.", "{count} questions erased.", done.erased))
    if done.backups:
        show(_("Backups that may still hold them:"), *(f"  {one.at[:19]}  {one.file}" for one in done.backups))


@questions.command()
@click.option("--days", type=click.IntRange(1, 36_500), help="Default: storage.keep_days.")
@with_json
@with_config
def expire(config: Path | None, days: int | None, as_json: bool) -> None:
    """Erase every question and all feedback that is older than so many days."""
    from faqbot.services.values.erased import Expired

    gone = container(config).erasing.expire(days)
    if as_json:
        print_json(to_json(Expired(gone)))
        return
    show(_n("{count} question or piece of feedback erased.", "{count} questions and pieces of feedback erased.", gone))


@click.group()
def feedback() -> None:
    """Feedback that nobody has reviewed yet: list, dismiss."""


@feedback.command(name="list")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many at most.")
@with_json
@with_config
def list_feedback(config: Path | None, limit: int, as_json: bool) -> None:
    """List the feedback, newest first."""
    from faqbot.services.values.pages import FeedbackPage, page_of

    page = FeedbackPage(*page_of(container(config).storage.feedback.last(limit=limit + 1), limit))
    if as_json:
        print_json(to_json(page))
        return
    shown = page.feedback
    show(*(f"{one.number:>6}  {one.created_at[:19]}  {one.kind:9} {one.entry_id:24}  {one.text}" for one in shown))


@feedback.command()
@click.option("--matching", default="", help="Only feedback on questions that contain this text.")
@click.option("--since", help="Only feedback from this date, or date and time, on; in ISO 8601.")
@click.option("--all", "every", is_flag=True, help="All feedback.")
@with_json
@with_config
def dismiss(config: Path | None, matching: str, since: str | None, every: bool, as_json: bool) -> None:
    """Dismiss much feedback at once, for example after somebody has flooded it."""
    from faqbot.services.values.pages import Dismissed

    if every == bool(matching or since):
        raise click.UsageError(_("Say which: `--matching TEXT`, `--since DATE`, both, or `--all`."))
    gone = container(config).storage.feedback.dismiss(matching=matching, since=since)
    if as_json:
        print_json(to_json(Dismissed(gone)))
        return
    show(_n("{count} piece of feedback dismissed.", "{count} pieces of feedback dismissed.", gone))
