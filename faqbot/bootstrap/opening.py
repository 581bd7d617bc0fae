"""The application of one process: what it opens, and in which order."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import TYPE_CHECKING

from faqbot.bootstrap.container import Container, silence
from faqbot.encoder import Encoder
from faqbot.errors import ModelMismatch, PublishRefused
from faqbot.language import _
from faqbot.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

    from faqbot.web.services_door import Services

_LOOK_SECONDS = 1.0
"""Between two looks whether the database is still there."""


def open_services(container: Container) -> Services:
    """Load the model and the published version; publish the first version where there is none."""
    container.report(
        _("Model: {model}. {reason}", model=container.encoder.info.model, reason=container.encoder.info.reason)
    )
    try:
        container.publish_starter()
        container.published.refresh()
    except (ModelMismatch, PublishRefused) as error:
        # Asking answers 503; editing and publishing, which mend it, stay possible.
        container.report(_("Not answering yet: {error}", error=error.message))
    container.question_log.trim()
    container.erasing.start()
    container.report(_("The audit log leads to {head}", head=container.storage.audit.head()))
    # What is here now stays; the garbage collector need not look through it again.
    gc.freeze()
    container.storage.watch(_LOOK_SECONDS)
    container.published.watch(container.settings.storage.poll_seconds, container.jobs.submit_learn)
    if container.settings.jobs.embedded:
        container.worker.start()
    return services_of(container)


def services_of(container: Container) -> Services:
    """What the web calls, with a log of the questions and a memory of conversations."""
    from faqbot.web.services_door import Services

    kept = container.storage
    return Services(
        answering=container.make_answering(container.question_log, container.make_conversations()),
        published=container.published,
        question_log=container.question_log,
        feedback=container.feedback,
        importer=container.importer,
        problems=container.problems,
        learner=container.learner,
        checks=container.checks,
        rehearsals=container.rehearsals,
        publishing=container.publishing,
        jobs=container.jobs,
        keys=container.keys,
        key_uses=container.key_uses,
        draft=kept.draft,
        versions=kept.versions,
        questions=kept.questions,
        tests=kept.tests,
        pending_feedback=kept.feedback,
        labels=kept.labels,
        deliveries=kept.deliveries,
        audit=kept.audit,
        erasing=container.erasing,
        traffic=kept.traffic,
        storage_check=kept.check,
        storage_problem=lambda: kept.problem,
        encoder_info=lambda: container.encoder.info,
    )


def make_app(
    settings: Settings, report: Callable[[str], None] = silence, preloaded: Callable[[], Encoder] | None = None
) -> Flask:
    """The application of one process: it listens at once and opens its services in the background."""
    from faqbot.web.application import create_app
    from faqbot.web.services_door import ServicesDoor

    container = Container(settings, report, preloaded)
    return create_app(ServicesDoor.opening(lambda: open_services(container)), settings)
