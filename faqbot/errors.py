"""Every error that faqbot raises on purpose, and the stable code that callers may rely on.

FaqbotError
├── SettingsError              unknown_setting, invalid_setting
├── ModelError
│   ├── ModelUnavailable       model_unavailable      the weights are not here, or are incomplete
│   ├── ModelMismatch          model_mismatch         vectors of another model are stored
│   └── EncodingFailed         encoding_failed        the forward pass itself failed
├── RequestError               (the caller can mend it)
│   ├── InvalidRequest         invalid_request
│   ├── QuestionEmpty          question_empty
│   ├── QuestionTooLong        question_too_long
│   ├── UnknownMode            unknown_mode
│   ├── UnknownModel           unknown_model          a caller asks for another model than ours
│   ├── Unauthorised           unauthorised
│   ├── Forbidden              forbidden
│   ├── TooLarge               too_large
│   ├── UnsupportedMediaType   unsupported_media_type
│   ├── TooManyRequests        too_many_requests      a limit is reached; it passes by itself
│   ├── DeliveryConflict       delivery_conflict      the same message id with other content, or still in work
│   ├── BadSignature           bad_signature          a webhook is not signed, wrongly, or too long ago
│   └── ChannelOff             channel_off            the channel is switched off, or has no secret yet
├── KnowledgeError
│   ├── EntryNotFound          entry_not_found
│   ├── EntryExists            entry_exists
│   ├── EditConflict           edit_conflict          somebody else changed the entry first
│   ├── VersionNotFound        version_not_found
│   ├── QuestionTestNotFound   question_test_not_found
│   ├── FeedbackNotFound       feedback_not_found
│   ├── JobNotFound            job_not_found
│   └── PublishRefused         publish_refused        the draft fails a check
├── FileError
│   ├── FileNotFound           file_not_found
│   ├── UnsupportedFileType    unsupported_file_type
│   ├── UnreadableFile         unreadable_file
│   ├── MissingColumn          missing_column
│   ├── FileTooLarge           file_too_large
│   └── RowsRefused            rows_refused           some rows are invalid, so nothing was imported
├── StorageError
│   ├── DatabaseUnavailable    database_unavailable
│   ├── SchemaOutdated         schema_outdated
│   └── DatabaseNotEmpty       database_not_empty     a backup would take the place of something
├── JobInterrupted             job_interrupted        its worker died again and again
├── VendorFailed               vendor_failed          another program did not take a reply
├── NotReady                   not_ready              starting, or nothing published yet
├── Overloaded                 overloaded             more questions than the model can take
├── ClientGone                 client_gone            nobody waits for the reply any more
└── PortInUse                  port_in_use

Bad rows of a file are values (`faqbot.formats.rows.rows.RowError`), not exceptions. HTTP statuses live in
`faqbot.web.middleware.errors`.
"""

from __future__ import annotations

from collections.abc import Sequence


class FaqbotError(Exception):
    """A failure that no other code names.

    The root of the tree. `str(error)` is one sentence for the caller that says what to change.

    Attributes:
        code: Stable, machine-readable name of the failure.
        message: The sentence, which `faqbot.language.translated` gives in another language.
        details: Further sentences or values, for example one per refused row. May be empty.
    """

    code = "internal_error"

    def __init__(self, message: str, details: Sequence[object] = ()) -> None:
        """Keep the sentence and its details."""
        super().__init__(message)
        self.message = message
        self.details = list(details)


class SettingsError(FaqbotError):
    """`config.yaml` or an environment variable cannot be used."""

    code = "invalid_setting"


class UnknownSetting(SettingsError):
    """A setting's name is not one of ours."""

    code = "unknown_setting"


class ModelError(FaqbotError):
    """The encoder cannot be used."""

    code = "model_error"


class ModelUnavailable(ModelError):
    """The model's files are missing or incomplete."""

    code = "model_unavailable"


class ModelMismatch(ModelError):
    """Stored vectors come from another model than the one in use."""

    code = "model_mismatch"


class EncodingFailed(ModelError):
    """The forward pass failed."""

    code = "encoding_failed"


class RequestError(FaqbotError):
    """The request cannot be served as it is; the caller can mend it."""

    code = "invalid_request"


class InvalidRequest(RequestError):
    """The body or a parameter has the wrong form."""

    code = "invalid_request"


class QuestionEmpty(RequestError):
    """The question has no text that could be matched."""

    code = "question_empty"


class QuestionTooLong(RequestError):
    """The question is longer than the limit."""

    code = "question_too_long"


class UnknownMode(RequestError):
    """The mode is none of dense, sparse, colbert, hybrid."""

    code = "unknown_mode"


class UnknownModel(RequestError):
    """The request names another model than the one that answers."""

    code = "unknown_model"


class Unauthorised(RequestError):
    """No key, or one that is not known."""

    code = "unauthorised"


class Forbidden(RequestError):
    """The key is known, its role does not allow this."""

    code = "forbidden"


class TooLarge(RequestError):
    """The request's body exceeds the limit."""

    code = "too_large"


class UnsupportedMediaType(RequestError):
    """The body is not of the media type that the route takes."""

    code = "unsupported_media_type"


class TooManyRequests(RequestError):
    """A limit is reached; the same request works again after a while.

    Attributes:
        retry_after: After so many seconds.
    """

    code = "too_many_requests"

    def __init__(self, message: str, details: Sequence[object] = (), *, retry_after: int = 5) -> None:
        """Keep the sentence, its details and the seconds."""
        super().__init__(message, details)
        self.retry_after = retry_after


class DeliveryConflict(RequestError):
    """A message id came before with other content, or is being answered right now."""

    code = "delivery_conflict"


class BadSignature(RequestError):
    """A webhook is not signed, wrongly signed, or was signed too long ago."""

    code = "bad_signature"


class ChannelOff(RequestError):
    """The channel is switched off, or the secret that it needs is not set."""

    code = "channel_off"


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


class FileTooLarge(FileError):
    """The file, or what it unpacks to, exceeds the limit."""

    code = "file_too_large"


class RowsRefused(FileError):
    """At least one row is invalid; nothing was imported."""

    code = "rows_refused"


class StorageError(FaqbotError):
    """The database does not do what was asked."""

    code = "storage_error"


class DatabaseUnavailable(StorageError):
    """The database cannot be opened, reached or written."""

    code = "database_unavailable"


class SchemaOutdated(StorageError):
    """The database's tables are older or newer than this program."""

    code = "schema_outdated"


class JobInterrupted(FaqbotError):
    """A job's worker died again and again while working on it, or another one has taken it over."""

    code = "job_interrupted"


class VendorFailed(FaqbotError):
    """Another program, which a reply was to be sent to, cannot be reached or refused it."""

    code = "vendor_failed"


class DatabaseNotEmpty(StorageError):
    """A backup would take the place of entries or versions that are in the database."""

    code = "database_not_empty"


class NotReady(FaqbotError):
    """The service is starting, or no version has been published yet."""

    code = "not_ready"


class Overloaded(FaqbotError):
    """More questions came than the model can take; try again in a few seconds."""

    code = "overloaded"


class ClientGone(FaqbotError):
    """The client closed its connection before its question was encoded, so nobody reads this."""

    code = "client_gone"


class PortInUse(FaqbotError):
    """Another program listens on the port."""

    code = "port_in_use"
