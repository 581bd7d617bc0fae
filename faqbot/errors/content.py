"""What is wrong with a knowledge base, a version or a file."""

from __future__ import annotations

from faqbot.errors.root import FaqbotError


class KnowledgeError(FaqbotError):
    """The knowledge base does not allow this."""

    code = "knowledge_error"


class EntryNotFound(KnowledgeError):
    """No entry has this id."""

    code = "entry_not_found"


class EntryExists(KnowledgeError):
    """An entry with this id is there already."""

    code = "entry_exists"


class EditConflict(KnowledgeError):
    """The entry, or what is published, was changed by somebody else since it was read."""

    code = "edit_conflict"


class VersionNotFound(KnowledgeError):
    """No published version has this number."""

    code = "version_not_found"


class FeedbackNotFound(KnowledgeError):
    """The reply or the feedback that is meant is not kept, or not any more."""

    code = "feedback_not_found"


class JobNotFound(KnowledgeError):
    """No job has this number, or it is not kept any more."""

    code = "job_not_found"


class QuestionTestNotFound(KnowledgeError):
    """No test question has this number."""

    code = "question_test_not_found"


class PublishRefused(KnowledgeError):
    """The draft fails a check, so customers keep the version they have."""

    code = "publish_refused"


class FileError(FaqbotError):
    """A knowledge-base file cannot be used."""

    code = "file_error"


class FileNotFound(FileError):
    """There is no such file."""

    code = "file_not_found"


class UnsupportedFileType(FileError):
    """The file's name ends in none of the endings that we read."""

    code = "unsupported_file_type"


class UnreadableFile(FileError):
    """The file is damaged or not what its ending says."""

    code = "unreadable_file"


class MissingColumn(FileError):
    """A column that every row needs is not there."""

    code = "missing_column"


class UnclearTable(FileError):
    """Part of the file looks like questions and answers, and somebody has to say which column is which."""

    code = "unclear_table"


class ConfirmationNeeded(FileError):
    """What the import would do has to be confirmed by whoever asks for it."""

    code = "confirmation_needed"


class FileTooLarge(FileError):
    """The file, or what it unpacks to, exceeds the limit."""

    code = "file_too_large"


class RowsRefused(FileError):
    """At least one row is invalid; nothing was imported."""

    code = "rows_refused"
