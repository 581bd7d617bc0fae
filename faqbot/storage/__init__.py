"""The database: the draft, the encodings, the published versions, the API keys.

`open_storage` is the one door; SQLAlchemy is used nowhere else.
"""

from faqbot.storage.access.keys import Keys
from faqbot.storage.access.secrets import Secrets
from faqbot.storage.audit import PROGRAM, AuditLog, acting_as, current_actor, set_actor
from faqbot.storage.codec.checksums import checksum_of
from faqbot.storage.database.clock import now
from faqbot.storage.database.opening import Expected
from faqbot.storage.draft.bulk_edits import BulkResult
from faqbot.storage.draft.draft import Draft
from faqbot.storage.draft.findings import Findings
from faqbot.storage.draft.search import EVERY_ENTRY, EntryFilter
from faqbot.storage.questions.asked import AskedQuestions
from faqbot.storage.questions.feedback import CustomerFeedback
from faqbot.storage.questions.labels import Labels
from faqbot.storage.questions.tests import QuestionTests
from faqbot.storage.questions.traffic import TrafficEffects
from faqbot.storage.records import (
    AskedQuestion,
    AuditRecord,
    AuditVerification,
    Change,
    Delivery,
    DraftState,
    Feedback,
    FeedbackKind,
    JobClaim,
    JobRow,
    JobState,
    KeptFinding,
    KeyRow,
    KeyUse,
    LabelledQuestion,
    Learned,
    Pruned,
    QuestionTest,
    Role,
    StoredEntry,
    StoredVersion,
    VersionRow,
)
from faqbot.storage.storage import Storage, open_storage
from faqbot.storage.vectors.vectors import Vectors
from faqbot.storage.versions import Versions
from faqbot.storage.work.deliveries import Deliveries
from faqbot.storage.work.jobs import Jobs

__all__ = [
    "EVERY_ENTRY",
    "PROGRAM",
    "AskedQuestion",
    "AskedQuestions",
    "AuditLog",
    "AuditRecord",
    "AuditVerification",
    "BulkResult",
    "Change",
    "CustomerFeedback",
    "Deliveries",
    "Delivery",
    "Draft",
    "DraftState",
    "EntryFilter",
    "Expected",
    "Feedback",
    "FeedbackKind",
    "Findings",
    "JobClaim",
    "JobRow",
    "JobState",
    "Jobs",
    "KeptFinding",
    "KeyRow",
    "KeyUse",
    "Keys",
    "LabelledQuestion",
    "Labels",
    "Learned",
    "Pruned",
    "QuestionTest",
    "QuestionTests",
    "Role",
    "Secrets",
    "Storage",
    "StoredEntry",
    "StoredVersion",
    "TrafficEffects",
    "Vectors",
    "VersionRow",
    "Versions",
    "acting_as",
    "checksum_of",
    "current_actor",
    "now",
    "open_storage",
    "set_actor",
]
