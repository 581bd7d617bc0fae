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
│   │   └── KeyExpired         key_expired            the key's end is past
│   ├── KeyNotFound            key_not_found
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
│   ├── UnclearTable           unclear_table          which columns are meant has to be said
│   ├── ConfirmationNeeded     confirmation_needed    it would be done once somebody says so
│   ├── FileTooLarge           file_too_large
│   └── RowsRefused            rows_refused           some rows are invalid, so nothing was imported
├── StorageError
│   ├── DatabaseUnavailable    database_unavailable
│   │   └── DatabaseLost       database_lost          gone, emptied, or replaced by another one
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

from faqbot.errors.content import (
    ConfirmationNeeded,
    EditConflict,
    EntryExists,
    EntryNotFound,
    FeedbackNotFound,
    FileError,
    FileNotFound,
    FileTooLarge,
    JobNotFound,
    KnowledgeError,
    MissingColumn,
    PublishRefused,
    QuestionTestNotFound,
    RowsRefused,
    UnclearTable,
    UnreadableFile,
    UnsupportedFileType,
    VersionNotFound,
)
from faqbot.errors.requests import (
    BadSignature,
    ChannelOff,
    DeliveryConflict,
    Forbidden,
    InvalidRequest,
    KeyExpired,
    KeyNotFound,
    QuestionEmpty,
    QuestionTooLong,
    RequestError,
    TooLarge,
    TooManyRequests,
    Unauthorised,
    UnknownMode,
    UnknownModel,
    UnsupportedMediaType,
)
from faqbot.errors.root import FaqbotError
from faqbot.errors.running import (
    ClientGone,
    DatabaseLost,
    DatabaseNotEmpty,
    DatabaseUnavailable,
    EncodingFailed,
    JobInterrupted,
    ModelError,
    ModelMismatch,
    ModelUnavailable,
    NotReady,
    Overloaded,
    PortInUse,
    SchemaOutdated,
    SettingsError,
    StorageError,
    UnknownSetting,
    VendorFailed,
)

__all__ = [
    "BadSignature",
    "ChannelOff",
    "ClientGone",
    "ConfirmationNeeded",
    "DatabaseLost",
    "DatabaseNotEmpty",
    "DatabaseUnavailable",
    "DeliveryConflict",
    "EditConflict",
    "EncodingFailed",
    "EntryExists",
    "EntryNotFound",
    "FaqbotError",
    "FeedbackNotFound",
    "FileError",
    "FileNotFound",
    "FileTooLarge",
    "Forbidden",
    "InvalidRequest",
    "JobInterrupted",
    "JobNotFound",
    "KeyExpired",
    "KeyNotFound",
    "KnowledgeError",
    "MissingColumn",
    "ModelError",
    "ModelMismatch",
    "ModelUnavailable",
    "NotReady",
    "Overloaded",
    "PortInUse",
    "PublishRefused",
    "QuestionEmpty",
    "QuestionTestNotFound",
    "QuestionTooLong",
    "RequestError",
    "RowsRefused",
    "SchemaOutdated",
    "SettingsError",
    "StorageError",
    "TooLarge",
    "TooManyRequests",
    "Unauthorised",
    "UnclearTable",
    "UnknownMode",
    "UnknownModel",
    "UnknownSetting",
    "UnreadableFile",
    "UnsupportedFileType",
    "UnsupportedMediaType",
    "VendorFailed",
    "VersionNotFound",
]
