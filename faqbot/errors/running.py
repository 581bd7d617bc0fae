"""What keeps the program itself from working: settings, model, database, others' programs, overload."""

from __future__ import annotations

from faqbot.errors.root import FaqbotError


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


class StorageError(FaqbotError):
    """The database does not do what was asked."""

    code = "storage_error"


class DatabaseUnavailable(StorageError):
    """The database cannot be opened, reached or written."""

    code = "database_unavailable"


class DatabaseLost(DatabaseUnavailable):
    """The database is gone, emptied, or replaced by another one: nothing is written until it is back or restored."""

    code = "database_lost"


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
