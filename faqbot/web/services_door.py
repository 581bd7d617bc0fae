"""What the web calls, and the door that holds it while the process is still starting."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from faqbot.encoder.encoding import EncoderInfo
from faqbot.errors import FaqbotError, NotReady
from faqbot.language import _
from faqbot.services.admin.erasing import Erasing
from faqbot.services.admin.feedback import FeedbackService
from faqbot.services.admin.key_uses import KeyUses
from faqbot.services.admin.keys import KeyService
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.answering.question_log import QuestionLog
from faqbot.services.checks.problems import ProblemList
from faqbot.services.draft.importing import Importer
from faqbot.services.jobs.jobs import JobService
from faqbot.services.publishing.draft_checks import DraftChecks
from faqbot.services.publishing.draft_rehearsals import DraftRehearsals
from faqbot.services.publishing.learner import Learner
from faqbot.services.publishing.publishing import PublishingService
from faqbot.storage import (
    AskedQuestions,
    AuditLog,
    CustomerFeedback,
    Deliveries,
    Draft,
    Labels,
    QuestionTests,
    TrafficEffects,
    Versions,
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """What views call: use cases, and where a view only reads or writes, the part of the storage itself.

    All of it is open and ready to be called from many threads.

    Attributes:
        answering: Questions to replies.
        published: The version that answers; refreshed after each publish and rollback.
        question_log: Takes note of what is asked.
        feedback: Takes opinions of customers and decisions of admins.
        importer: Files into the draft.
        problems: Which entries of the draft have problems.
        learner: Encodes and learns the draft without publishing it.
        checks: What is wrong with the draft.
        rehearsals: What the draft would decide.
        publishing: From the draft to what customers get.
        jobs: What is done in the background.
        keys: Who may do what.
        key_uses: Takes note of keys that are used, and of wrong ones.
        draft: What admins edit.
        versions: What was published.
        questions: What was asked.
        tests: Questions with the decision that every version has to make.
        pending_feedback: What customers thought of replies, until somebody has reviewed it.
        labels: Questions whose entries somebody has decided on.
        deliveries: What outside programs delivered.
        audit: Who changed what.
        erasing: Erases what customers asked.
        traffic: What customers' questions did to the thresholds.
        storage_check: Raises `StorageError` when the database cannot be reached or its tables are outdated.
        storage_problem: Why the database could not be used when it was last looked; None where it could.
        encoder_info: What the encoder is.
    """

    answering: AnswerService
    published: PublishedKnowledge
    question_log: QuestionLog
    feedback: FeedbackService
    importer: Importer
    problems: ProblemList
    learner: Learner
    checks: DraftChecks
    rehearsals: DraftRehearsals
    publishing: PublishingService
    jobs: JobService
    keys: KeyService
    key_uses: KeyUses
    draft: Draft
    versions: Versions
    questions: AskedQuestions
    tests: QuestionTests
    pending_feedback: CustomerFeedback
    labels: Labels
    deliveries: Deliveries
    audit: AuditLog
    traffic: TrafficEffects
    erasing: Erasing
    storage_check: Callable[[], None]
    storage_problem: Callable[[], FaqbotError | None]
    encoder_info: Callable[[], EncoderInfo]


class ServicesDoor:
    """Holds the services once they are open, so that the process can listen and say how far it is meanwhile."""

    def __init__(self, services: Services | None = None) -> None:
        """Open at once where the services are given."""
        self._services = services
        self._problem: FaqbotError = NotReady(_("The service is starting: the model is being loaded."))

    @property
    def services(self) -> Services:
        """The open services.

        Raises:
            NotReady: They are still being opened.
            FaqbotError: Why they could not be opened when it was last tried.
        """
        if self._services is None:
            raise type(self._problem)(str(self._problem), self._problem.details)
        return self._services

    @property
    def storage_problem(self) -> FaqbotError | None:
        """Why the database could not be used when it was last looked; None where it could, or nothing is open yet."""
        return self._services.storage_problem() if self._services else None

    @classmethod
    def opening(cls, open_services: Callable[[], Services], *, again_after: float = 10.0) -> ServicesDoor:
        """Start to open the services in a thread that ends with the process.

        Args:
            open_services: Loads the model and the published version; may take long.
            again_after: Seconds until the next try after a failure: a database that comes up late is found.
        """
        door = cls()
        thread = threading.Thread(target=door._open, args=(open_services, again_after), name="opening", daemon=True)
        thread.start()
        return door

    def _open(self, open_services: Callable[[], Services], again_after: float) -> None:
        waiting = threading.Event()
        while self._services is None:
            try:
                self._services = open_services()
            except FaqbotError as error:
                _log.error("The services could not be opened: %s", error)
                self._problem = error
                waiting.wait(again_after)
            except Exception:
                _log.exception("The services could not be opened")
                self._problem = NotReady(_("The service could not be opened; its log says why."))
                waiting.wait(again_after)
