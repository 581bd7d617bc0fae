"""The database: the draft, the encodings, the published versions, the API keys.

`open_repository` is the one door; SQLAlchemy is used nowhere else.
"""

from faqbot.storage.audit import PROGRAM, acting_as, current_actor, set_actor
from faqbot.storage.bulk_edits import BulkResult
from faqbot.storage.clock import now
from faqbot.storage.draft_search import EVERY_ENTRY, EntryFilter
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
from faqbot.storage.repository import Repository, open_repository
from faqbot.storage.vectors import checksum_of

__all__ = [
    "EVERY_ENTRY",
    "PROGRAM",
    "AskedQuestion",
    "AuditRecord",
    "BulkResult",
    "Change",
    "Delivery",
    "DraftState",
    "EntryFilter",
    "Feedback",
    "FeedbackKind",
    "JobClaim",
    "JobRow",
    "JobState",
    "KeptFinding",
    "KeyRow",
    "LabelledQuestion",
    "Pruned",
    "QuestionTest",
    "Repository",
    "Role",
    "StoredEntry",
    "StoredVersion",
    "VersionRow",
    "acting_as",
    "checksum_of",
    "current_actor",
    "now",
    "open_repository",
    "set_actor",
]
