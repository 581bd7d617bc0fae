"""The command line: thin over the services. Exit 0 done, 1 refused with one clear line, 2 wrong usage."""

from __future__ import annotations

import click

from faqbot import __version__
from faqbot.cli.asking_commands import ask, similarity
from faqbot.cli.audit_commands import audit
from faqbot.cli.backup_commands import backup, restore
from faqbot.cli.key_commands import key
from faqbot.cli.knowledge_commands import export, import_command, prune
from faqbot.cli.measuring_commands import calibrate, evaluate, thresholds
from faqbot.cli.model_commands import model
from faqbot.cli.publishing_commands import check, duplicates, problems, publish, rollback, versions
from faqbot.cli.question_commands import feedback, questions
from faqbot.cli.rehearsal_commands import replay, tests
from faqbot.cli.serving_commands import serve, worker
from faqbot.cli.terminal import SpokenGroup


@click.group(cls=SpokenGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="faqbot")
def main() -> None:
    """Answer customers' questions from your FAQ, and know when the answer is right."""


for _command in (
    serve,
    worker,
    import_command,
    export,
    check,
    problems,
    duplicates,
    tests,
    replay,
    publish,
    rollback,
    versions,
    prune,
    ask,
    similarity,
    evaluate,
    calibrate,
    thresholds,
    questions,
    feedback,
    model,
    key,
    audit,
    backup,
    restore,
):
    main.add_command(_command)
