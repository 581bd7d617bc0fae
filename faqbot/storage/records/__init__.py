"""What leaves storage: plain values, never a row object of the database library."""

from faqbot.storage.records.access import AuditRecord, AuditVerification, Change, KeyRow, KeyUse, Role
from faqbot.storage.records.entries import DraftState, KeptFinding, StoredEntry
from faqbot.storage.records.questions import (
    AskedQuestion,
    AskedVerdict,
    Feedback,
    FeedbackKind,
    LabelledQuestion,
    QuestionTest,
)
from faqbot.storage.records.versions import Learned, Pruned, StoredVersion, VersionRow
from faqbot.storage.records.work import Delivery, JobClaim, JobRow, JobState

__all__ = [
    "AskedQuestion",
    "AskedVerdict",
    "AuditRecord",
    "AuditVerification",
    "Change",
    "Delivery",
    "DraftState",
    "Feedback",
    "FeedbackKind",
    "JobClaim",
    "JobRow",
    "JobState",
    "KeptFinding",
    "KeyRow",
    "KeyUse",
    "LabelledQuestion",
    "Learned",
    "Pruned",
    "QuestionTest",
    "Role",
    "StoredEntry",
    "StoredVersion",
    "VersionRow",
]
