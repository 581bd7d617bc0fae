"""The tables. The same on SQLite and PostgreSQL; `migrations/` creates them.

A change here needs a new file in `migrations/versions/`; a test compares the two.
"""

from faqbot.storage.tables.access import AuditChainTable, AuditTable, KeyTable, SecretTable
from faqbot.storage.tables.base import Base
from faqbot.storage.tables.draft import ENTRY_FIELDS, EntryTable, FindingTable, WordingTable, column_name
from faqbot.storage.tables.questions import AskedTable, FeedbackTable, LabelledTable, QuestionTestTable
from faqbot.storage.tables.versions import PublishedTable, VectorTable, VersionTable
from faqbot.storage.tables.work import DeliveryTable, JobTable

__all__ = [
    "ENTRY_FIELDS",
    "AskedTable",
    "AuditChainTable",
    "AuditTable",
    "Base",
    "DeliveryTable",
    "EntryTable",
    "FeedbackTable",
    "FindingTable",
    "JobTable",
    "KeyTable",
    "LabelledTable",
    "PublishedTable",
    "QuestionTestTable",
    "SecretTable",
    "VectorTable",
    "VersionTable",
    "WordingTable",
    "column_name",
]
