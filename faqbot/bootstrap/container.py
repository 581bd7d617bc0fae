"""The one place that names concrete classes: from settings to parts that work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from threadpoolctl import threadpool_limits

from faqbot.bootstrap.content import EVERYDAY, SERVICE_DESK, content_file, starter_file
from faqbot.encoder import Encoder
from faqbot.errors import EditConflict
from faqbot.formats import Limits, read_rows
from faqbot.language import _, _n
from faqbot.services.admin.erasing import Erasing
from faqbot.services.admin.feedback import FeedbackService
from faqbot.services.admin.key_uses import KeyUses
from faqbot.services.admin.keys import KeyService
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.published import Current, PublishedKnowledge, Unpublished
from faqbot.services.answering.question_log import QuestionLog
from faqbot.services.checks.findings import Override
from faqbot.services.checks.problems import ProblemList
from faqbot.services.conversation.conversation import Conversations
from faqbot.services.conversation.memory import ConversationMemory
from faqbot.services.conversation.recognition import Recognition
from faqbot.services.conversation.service_desk import read_everyday, read_service_desk
from faqbot.services.draft.importing import Importer
from faqbot.services.jobs.jobs import JobService
from faqbot.services.jobs.worker import JobWorker
from faqbot.services.publishing.draft_checks import DraftChecks
from faqbot.services.publishing.draft_rehearsals import DraftRehearsals
from faqbot.services.publishing.learner import Learner
from faqbot.services.publishing.publishing import PublishingService
from faqbot.settings import Settings
from faqbot.storage import Expected, Storage, open_storage


def silence(_line: str) -> None:
    """Stand in for a report that nobody reads."""


@dataclass
class Container:
    """Everything that commands and the server work with; each part is made when it is first asked for.

    Attributes:
        settings: What was configured.
        report: Told, in one line each, what takes its time.
        preloaded: Gives the model where it was loaded before this process was forked.
        creates: Whether to make a database where there is none.
        expected: Which installation's database may be found; see `open_storage`.
    """

    settings: Settings
    report: Callable[[str], None] = field(default=silence)
    preloaded: Callable[[], Encoder] | None = None
    creates: bool = True
    expected: Expected = "known"

    def __post_init__(self) -> None:
        """Let numpy compute in one thread: several questions, or folds of learning, are what shares the cores.

        Its own threads would wait for each other and for the model's, busily, and cost more than they bring.
        """
        threadpool_limits(1, user_api="blas")

    @cached_property
    def storage(self) -> Storage:
        """The database, its tables brought up to date."""
        return open_storage(self.settings.storage, creates=self.creates, expected=self.expected)

    @cached_property
    def encoder(self) -> Encoder:
        """The model; loading it takes seconds."""
        if self.preloaded:
            return self.preloaded()
        from faqbot.encoder.opening import open_encoder

        return open_encoder(self.settings.encoder, self.report)

    @cached_property
    def importer(self) -> Importer:
        """Takes files into the draft."""
        return Importer(self.storage.draft, Limits(megabytes=self.settings.web.upload_megabytes))

    @cached_property
    def publishing(self) -> PublishingService:
        """Versions."""
        kept = self.storage
        return PublishingService(
            kept.draft, kept.versions, kept.vectors, kept.labels, self.learner, self.checks, kept.traffic
        )

    @cached_property
    def learner(self) -> Learner:
        """Learns what would be published; the model is loaded when that is first asked for."""
        kept, own = self.storage, self.settings.matching
        feedback = kept.feedback if own.learn_from_feedback else None
        return Learner(kept.draft, kept.vectors, kept.labels, feedback, lambda: self.encoder, own.target_precision)

    @cached_property
    def rehearsals(self) -> DraftRehearsals:
        """Questions asked of the draft."""
        kept = self.storage
        return DraftRehearsals(
            self.learner, kept.versions, kept.vectors, kept.tests, kept.questions, self.settings.matching
        )

    @cached_property
    def problems(self) -> ProblemList:
        """Which entries of the draft have problems."""
        return ProblemList(self.storage.draft, self.storage.findings)

    @cached_property
    def checks(self) -> DraftChecks:
        """What is wrong with the draft."""
        return DraftChecks(self.storage.draft, self.learner, self.rehearsals, self.problems)

    @cached_property
    def worker(self) -> JobWorker:
        """Does background jobs in the server, which then answers from what they publish at once."""
        return self.make_worker(self.published.refresh)

    def make_worker(self, published: Callable[[], None] | None = None) -> JobWorker:
        """Does background jobs; `published` is called after each publication."""
        lease = self.settings.jobs.lease_seconds
        return JobWorker(
            self.storage.jobs, self.importer, self.learner, self.publishing, lease_seconds=lease, published=published
        )

    @cached_property
    def jobs(self) -> JobService:
        """Background jobs as callers see them."""
        own = self.settings.jobs
        return JobService(self.storage.jobs, keep=own.keep, wake=self.worker.wake if own.embedded else None)

    @cached_property
    def keys(self) -> KeyService:
        """API keys."""
        return KeyService(self.storage.keys, lambda: self.storage.problem)

    @cached_property
    def key_uses(self) -> KeyUses:
        """Takes note of keys that are used."""
        return KeyUses(self.storage.keys, self.storage.audit)

    @cached_property
    def published(self) -> PublishedKnowledge:
        """What customers get; `refresh` loads it."""
        target = self.settings.matching.target_precision
        kept = self.storage
        return PublishedKnowledge(
            kept.versions, kept.vectors, self.encoder, target_precision=target, effects=kept.traffic
        )

    @cached_property
    def question_log(self) -> QuestionLog:
        """Takes note of what customers ask."""
        return QuestionLog(self.storage.questions, self.storage.secrets, self.settings.storage.keep_questions)

    @cached_property
    def erasing(self) -> Erasing:
        """Erases what customers asked."""
        kept, days = self.storage, self.settings.storage.keep_days
        return Erasing(kept.questions, kept.secrets, kept.audit, days, self.question_log.flush)

    @cached_property
    def feedback(self) -> FeedbackService:
        """What customers thought of replies."""
        kept = self.storage
        return FeedbackService(
            kept.questions, kept.feedback, kept.labels, kept.draft, kept.secrets, self.question_log.flush
        )

    @cached_property
    def answering(self) -> AnswerService:
        """The decision function, for trying it: what is asked here is not kept."""
        return self.make_answering()

    def make_answering(
        self, log: QuestionLog | None = None, conversations: Conversations | None = None
    ) -> AnswerService:
        """The decision function.

        Args:
            log: Takes note of what is asked.
            conversations: Understands messages from what was said before.
        """
        return self._answer(self.published, log, conversations)

    @cached_property
    def comparing(self) -> AnswerService:
        """The same without a knowledge base, for comparing texts; needs no database."""
        return self._answer(Unpublished(self.encoder))

    def _answer(
        self, current: Current, log: QuestionLog | None = None, conversations: Conversations | None = None
    ) -> AnswerService:
        web = self.settings.web
        return AnswerService(
            self.encoder,
            current,
            self.settings.matching,
            question_characters=web.question_characters,
            language=web.language,
            log=log,
            conversations=conversations,
        )

    def make_conversations(self) -> Conversations:
        """The sense of conversations, with a memory of this process."""
        own = self.settings.conversation
        memory = ConversationMemory(own.sessions, own.remember_minutes * 60)
        desk, everyday = read_service_desk(content_file(SERVICE_DESK)), read_everyday(content_file(EVERYDAY))
        folder = self.settings.encoder.cache_dir / "service-desk"
        recognition = Recognition(self.encoder, desk, everyday, folder) if own.chit_chat else None
        return Conversations(own, desk, memory, self.settings.web.language, self.feedback, recognition)

    def load_starter(self) -> bool:
        """Take the starter knowledge base into an empty database's draft; whether it did."""
        if not self.settings.storage.starter or self.storage.draft.count() or self.publishing.versions():
            return False
        self.report(_("Loading the starter knowledge base from {name} ...", name=starter_file().name))
        self.importer.import_file(starter_file())
        return True

    def _told(self, stage: str, done: int, total: int) -> None:
        if stage == "encoding":
            self.report(_n("  encoded {done} of {count} text", "  encoded {done} of {count} texts", total, done=done))

    def publish_starter(self) -> bool:
        """Publish the draft where it is the untouched starter knowledge base and nothing was published yet."""
        if not self.settings.storage.starter or self.publishing.versions():
            return False
        starter = sorted(
            (entry for _line, entry in read_rows(starter_file()).entries), key=lambda entry: entry.entry_id
        )
        if sorted(self.storage.draft.entries(), key=lambda entry: entry.entry_id) != starter:
            return False
        self.report(_("Encoding and publishing the starter knowledge base ..."))
        try:
            self.publishing.publish(
                "starter",
                self._told,
                # How near two questions seem depends on the model; another than ours must not stop the first start.
                [Override("conflicting_answers", "the entries of the starter knowledge base are all different")],
            )
        except EditConflict:
            # Another worker, which started at the same time, has published it.
            return False
        return True
