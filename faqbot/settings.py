"""Every setting: name, type, default and help, in one place.

`config.yaml` holds the same sections; an environment variable `FAQBOT_<SECTION>__<NAME>` overrides it,
for example `FAQBOT_STORAGE__DATABASE_URL`. `FAQBOT_CONFIG` names another file. Secrets of channels are taken from the
environment only; API keys live, hashed, in the database.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import limits
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from faqbot.channel_settings import ChannelsSettings
from faqbot.errors import SettingsError
from faqbot.language import _
from faqbot.settings_faults import explain
from faqbot.settings_file import read_settings_file

_PREFIX = "FAQBOT_"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EncoderSettings(_Section):
    """Which model turns text into vectors, and how."""

    model: str = Field(
        "auto",
        description="`auto` (BGE-M3 if its weights are on this machine, otherwise `compact`), `compact`, a hub name "
        "such as `BAAI/bge-m3`, or the path of a checkpoint in BGE-M3's layout.",
    )
    device: str = Field(
        "auto",
        pattern=r"^(auto|cpu|cuda(:\d+)?)$",
        description="`auto` (a GPU if there is one), `cpu`, `cuda` or `cuda:N`.",
    )
    precision: Literal["auto", "fp32", "fp16", "bf16", "int8"] = Field(
        "auto",
        description="`auto`: fp16 on GPUs, bf16 on CPUs that support it in hardware, otherwise fp32. `int8` runs on "
        "CPUs only and can be faster for large models.",
    )
    max_length: int = Field(
        256, ge=8, le=8192, description="Maximum number of tokens read from a text; the rest is cut off."
    )
    batch_size: int = Field(32, ge=1, le=1024, description="Maximum number of texts in one forward pass.")
    queue_size: int = Field(
        128, ge=1, le=100_000, description="How many questions may wait for the model; any more are refused with 503."
    )
    wait_seconds: float = Field(
        10.0,
        gt=0,
        le=600,
        description="How many seconds a question may wait for the model before it is refused with 503.",
    )
    query_instruction: str | None = Field(
        None,
        max_length=200,
        description="Prefix for every text; unset: the one the model was trained with (none for BGE-M3).",
    )
    pooling: Literal["auto", "cls", "mean"] = Field(
        "auto",
        description="How token vectors are combined into the dense vector; `auto`: as the checkpoint records, "
        "otherwise `cls`.",
    )
    cache_dir: Path = Field(
        Path("~/.cache/faqbot"), description="Folder in which built and downloaded models are kept."
    )
    threads: int = Field(
        0,
        ge=0,
        le=256,
        description="CPU threads for one forward pass; 0: all cores, divided among `web.workers`.",
    )


class MatchingSettings(_Section):
    """How a question finds its entry, and when the answer is given directly."""

    mode: Literal["dense", "sparse", "colbert", "hybrid"] = Field(
        "hybrid", description="Mode for requests that do not name one."
    )
    candidates: int = Field(
        100,
        ge=1,
        le=10_000,
        description="Wordings that the modes dense, sparse and colbert score in full; hybrid always compares all.",
    )
    target_precision: float = Field(
        0.95,
        ge=0.0,
        le=1.0,
        description="Share of direct answers that must be right; the answer threshold follows from it.",
    )
    answer_threshold: float | None = Field(
        None,
        ge=0.0,
        le=1.0,
        description="Lowest confidence at which an answer is given directly; unset: learned when publishing.",
    )
    suggest_threshold: float | None = Field(
        None,
        ge=0.0,
        le=1.0,
        description="Lowest confidence at which an entry is suggested; unset: learned when publishing.",
    )
    learn_from_traffic: bool = Field(
        True, description="Grow more cautious, within bounds, where traffic has more questions without an answer."
    )
    learn_from_feedback: bool = Field(False, description="Let feedback that nobody has reviewed teach, too.")
    suggestions: int = Field(5, ge=1, le=20, description="Maximum number of entries in a 'did you mean' list.")


class StorageSettings(_Section):
    """Where the knowledge base is kept."""

    database_url: str = Field(
        "sqlite:///data/faqbot.db",
        min_length=1,
        description="SQLAlchemy URL: `sqlite:///path` or `postgresql+psycopg://user@host/name`.",
    )
    starter: bool = Field(True, description="Load and publish the starter knowledge base if the database is empty.")
    poll_seconds: float = Field(
        0.2, ge=0.1, le=3600, description="Seconds between two checks for a newly published version."
    )
    keep_questions: int = Field(
        10_000,
        ge=0,
        le=10_000_000,
        description="How many of the most recent questions are kept, with e-mail addresses and long numbers masked; "
        "0: none.",
    )
    keep_changes: int = Field(
        100_000, ge=0, le=100_000_000, description="How many of the most recent changes the audit log keeps; 0: none."
    )


class JobSettings(_Section):
    """Work in the background: imports and publications."""

    embedded: bool = Field(
        True,
        description="Whether the server runs background jobs itself; turn this off if `faqbot worker` runs alongside"
        " it.",
    )
    lease_seconds: float = Field(
        30.0, ge=3, le=3600, description="Seconds without a sign of life after which another worker takes over a job."
    )
    keep: int = Field(100, ge=1, le=10_000, description="How many finished jobs are kept.")


class WebSettings(_Section):
    """The web server: its address, its size, and what it accepts."""

    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on; `0.0.0.0` for all interfaces.")
    port: int = Field(7860, ge=1, le=65535, description="Port to listen on.")
    workers: int = Field(
        1,
        ge=1,
        le=64,
        description="Number of processes; they share the model in memory, and a single one already uses every core "
        "for it.",
    )
    threads: int = Field(
        192,
        ge=1,
        le=1024,
        description="Requests that one process handles at the same time; keep it above `encoder.queue_size`.",
    )
    ask_open: bool = Field(True, description="Whether customers may ask without an API key.")
    question_characters: int = Field(1000, ge=1, le=100_000, description="Maximum length of a question, in characters.")
    upload_megabytes: int = Field(20, ge=1, le=1024, description="Maximum size of a request body, in megabytes.")
    language: Literal["zh", "en"] = Field(
        "zh", description="Language of messages when the question does not show which one to use."
    )
    allowed_origins: str = Field(
        "*",
        pattern=r"^(\*|https?://[^\s/]+(\s+https?://[^\s/]+)*)$",
        description="Sites whose pages may send questions from a browser: `*` for all (as long as `web.ask_open` is "
        "on), or addresses such as `https://shop.example`, separated by spaces.",
    )
    trusted_proxies: int = Field(
        0,
        ge=0,
        le=10,
        description="Number of reverse proxies in front of faqbot whose `X-Forwarded-For` is trusted.",
    )


class LimitsSettings(_Section):
    """How often customers may ask, such as `120/minute`; unset: no limit."""

    per_address: str | None = Field(
        "120/minute",
        description="Requests from one IPv4 address or IPv6 network (/64), and wrong keys from it; what this machine "
        "sends itself is not counted.",
    )
    per_key: str | None = Field(
        "1200/minute", description="Requests with one API key, which count for the key instead of the address."
    )
    per_session: str | None = Field("60/minute", description="Questions in one conversation.")
    storage: str = Field(
        "memory://",
        description="Where requests are counted: `memory://` in each process, or in one place for all, such as "
        "`redis://localhost:6379` (needs `pip install limits[redis]`).",
    )

    @field_validator("per_address", "per_key", "per_session")
    @classmethod
    def _is_a_limit(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                limits.parse(value)
            except ValueError:
                raise ValueError(_("must look like `120/minute` or `5/second`")) from None
        return value


class ConversationSettings(_Section):
    """How the messages of one conversation are understood together; questions without a session stand alone."""

    remember_minutes: float = Field(
        30.0,
        gt=0,
        le=1440,
        description="How many minutes a conversation is remembered after its last message, by the process that "
        "answered it.",
    )
    sessions: int = Field(
        10_000, ge=1, le=1_000_000, description="Maximum number of conversations that a process remembers."
    )
    chit_chat: bool = Field(True, description="Whether greetings and thanks are answered from the small-talk phrases.")
    handoff_after: int = Field(
        2, ge=0, le=20, description="After this many unanswered questions in a row, a person is offered; 0: never."
    )
    handoff_text: str | None = Field(
        None, max_length=500, description="How to reach a person, such as opening hours and a phone number."
    )
    handoff_link: str | None = Field(
        None,
        max_length=500,
        pattern=r"^(https?://|mailto:|tel:)\S+$",
        description="Where to reach a person: an `https:`, `mailto:` or `tel:` address.",
    )


class Settings(_Section):
    """All sections."""

    encoder: EncoderSettings = EncoderSettings()
    matching: MatchingSettings = MatchingSettings()
    storage: StorageSettings = StorageSettings()
    jobs: JobSettings = JobSettings()
    web: WebSettings = WebSettings()
    limits: LimitsSettings = LimitsSettings()
    conversation: ConversationSettings = ConversationSettings()
    channels: ChannelsSettings = ChannelsSettings()


SECRETS = frozenset(
    f"{section}.{name}"
    for section in Settings.model_fields
    for name, field in type(getattr(Settings(), section)).model_fields.items()
    if field.annotation == SecretStr | None
)
"""Settings that may stand in the environment only, as `section.name`."""


def load_settings(path: Path | str | None = None, environ: dict[str, str] | None = None) -> Settings:
    """Read `config.yaml` and the environment.

    Args:
        path: The file; unset: `FAQBOT_CONFIG`, else `config.yaml` in the current folder where there is one.
        environ: Stands in for `os.environ`.

    Raises:
        UnknownSetting: A section or name is not one of ours.
        SettingsError: The file is missing though named, is no YAML, or a value is out of its range.
    """
    environ = dict(os.environ) if environ is None else environ
    values = read_settings_file(path or environ.get("FAQBOT_CONFIG") or None, SECRETS)
    for name, text in environ.items():
        if name.startswith(_PREFIX) and "__" in name:
            section, _separator, key = name[len(_PREFIX) :].lower().partition("__")
            part = values.setdefault(section, {})
            if not isinstance(part, dict):
                raise SettingsError(_("Section '{section}' must hold names and values.", section=section))
            part[key] = None if text == "" else text
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        section = str(first["loc"][0])
        known = Settings.model_fields if len(first["loc"]) == 1 else _section_fields(section)
        raise explain(first, known, SECRETS) from None


def _section_fields(section: str) -> list[str]:
    return list(type(getattr(Settings(), section)).model_fields)
