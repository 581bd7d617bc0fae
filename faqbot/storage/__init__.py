"""The database: the draft, the encodings, the published versions, the API keys.

`open_repository` is the one door; SQLAlchemy is used nowhere else.
"""

from faqbot.storage.records import KeyRow, LabelledQuestion, Role, StoredEntry, StoredVersion, VersionRow
from faqbot.storage.repository import Repository, open_repository
from faqbot.storage.vectors import checksum_of

__all__ = [
    "KeyRow",
    "LabelledQuestion",
    "Repository",
    "Role",
    "StoredEntry",
    "StoredVersion",
    "VersionRow",
    "checksum_of",
    "open_repository",
]
