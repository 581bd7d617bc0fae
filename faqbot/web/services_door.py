"""What the web calls, and the door that holds it while the process is still starting."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from faqbot.encoder.encoding import EncoderInfo
from faqbot.errors import FaqbotError, NotReady
from faqbot.services.admin.audit import AuditService
from faqbot.services.admin.deliveries import DeliveryService
from faqbot.services.admin.feedback import FeedbackService
from faqbot.services.admin.keys import KeyService
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.answering.question_log import QuestionLog
from faqbot.services.checks.problems import ProblemList
from faqbot.services.draft.curation import CurationService
from faqbot.services.jobs.jobs import JobService
from faqbot.services.publishing.draft_checks import DraftChecks
from faqbot.services.publishing.draft_rehearsals import DraftRehearsals
from faqbot.services.publishing.learner import Learner
from faqbot.services.publishing.publishing import PublishingService
from faqbot.services.publishing.question_tests import QuestionTestService
from faqbot.storage import Draft, Versions

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases, open and ready to be called from many threads.

    Attributes:
        answering: Questions to replies.
        curation: Editing the draft and importing into it.
        draft: What admins edit.
        problems: Which of its entries have problems.
        learner: Encodes and learns it without publishing.
        checks: What is wrong with it.
        rehearsals: What it would decide.
        publishing: From the draft to what customers get.
        versions: What was published.
        jobs: What is done in the background.
        keys: Who may do what.
        audit: Who changed what.
        questions: What was asked.
        tests: Questions with the decision that every version has to make.
        feedback: What customers thought of the replies.
        deliveries: What outside programs delivered.
        published: The version that answers; refreshed after each publish and rollback.
        storage_check: Raises `StorageError` when the database cannot be reached or its tables are outdated.
        encoder_info: What the encoder is.
    """

    answering: AnswerService
    curation: CurationService
    draft: Draft
    problems: ProblemList
    learner: Learner
    checks: DraftChecks
    rehearsals: DraftRehearsals
    publishing: PublishingService
    versions: Versions
    jobs: JobService
    keys: KeyService
    audit: AuditService
    questions: QuestionLog
    tests: QuestionTestService
    feedback: FeedbackService
    deliveries: DeliveryService
    published: PublishedKnowledge
    storage_check: Callable[[], None]
    encoder_info: Callable[[], EncoderInfo]


class ServicesDoor:
    """Holds the services once they are open, so that the process can listen and say how far it is meanwhile."""

    def __init__(self, services: Services | None = None) -> None:
        """Open at once where the services are given."""
        self._services = services
        self._problem: FaqbotError = NotReady("The service is starting: the model is being loaded.")

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
                self._problem = NotReady("The service could not be opened; its log says why.")
                waiting.wait(again_after)
