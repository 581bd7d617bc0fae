"""The database: the draft, the encodings, the published versions, the API keys.

`open_storage` is the one door; SQLAlchemy is used nowhere else.
"""

from faqbot.storage.asked import AskedQuestions
from faqbot.storage.audit import PROGRAM, AuditLog, acting_as, current_actor, set_actor
from faqbot.storage.bulk_edits import BulkResult
from faqbot.storage.checksums import checksum_of
from faqbot.storage.clock import now
from faqbot.storage.deliveries import Deliveries
from faqbot.storage.draft_search import EVERY_ENTRY, EntryFilter
from faqbot.storage.drafts import Draft
from faqbot.storage.feedback import CustomerFeedback
from faqbot.storage.found import Findings
from faqbot.storage.jobs import Jobs
from faqbot.storage.keys import Keys
from faqbot.storage.labelled import Labels
from faqbot.storage.question_tests import QuestionTests
from faqbot.storage.records import (
    AskedQuestion,
    AuditRecord,
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
    LabelledQuestion,
    Pruned,
    QuestionTest,
    Role,
    StoredEntry,
    StoredVersion,
    VersionRow,
)
from faqbot.storage.secrets import Secrets
from faqbot.storage.storage import Storage, open_storage
from faqbot.storage.vectors import Vectors
from faqbot.storage.versions import Versions

__all__ = [
    "EVERY_ENTRY",
    "PROGRAM",
    "AskedQuestion",
    "AskedQuestions",
    "AuditLog",
    "AuditRecord",
    "BulkResult",
    "Change",
    "CustomerFeedback",
    "Deliveries",
    "Delivery",
    "Draft",
    "DraftState",
    "EntryFilter",
    "Feedback",
    "FeedbackKind",
    "Findings",
    "JobClaim",
    "JobRow",
    "JobState",
    "Jobs",
    "KeptFinding",
    "KeyRow",
    "Keys",
    "LabelledQuestion",
    "Labels",
    "Pruned",
    "QuestionTest",
    "QuestionTests",
    "Role",
    "Secrets",
    "Storage",
    "StoredEntry",
    "StoredVersion",
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
