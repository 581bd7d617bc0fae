"""Settings of what serves: the database, background jobs, the web server and its limits."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import limits
from pydantic import Field, SecretStr, field_validator

from faqbot.language import _
from faqbot.settings.section import Section


class StorageSettings(Section):
    """Where the knowledge base is kept."""

    database_url: str = Field(
        "sqlite:///data/faqbot.db",
        min_length=1,
        description="SQLAlchemy URL: `sqlite:///path` or `postgresql+psycopg://user@host/name`.",
    )
    marker: Path | None = Field(
        None,
        description="File that remembers which database this is, so that a lost one is not taken for a first start; "
        "unset: beside the SQLite file, in the folder `data` for PostgreSQL.",
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
    keep_days: int = Field(
        0,
        ge=0,
        le=36_500,
        description="After how many days questions and feedback are erased; 0: only `storage.keep_questions` counts.",
    )
    keep_changes: int = Field(
        100_000, ge=0, le=100_000_000, description="How many of the most recent changes the audit log keeps; 0: none."
    )


class BackupSettings(Section):
    """Backups of the whole database."""

    key: SecretStr | None = Field(
        None,
        min_length=16,
        description="Secret that backups are signed with; with it, no other is restored; only in the environment.",
    )


class JobSettings(Section):
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


class WebSettings(Section):
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
    connections: int = Field(
        4096,
        ge=16,
        le=1_000_000,
        description="Connections that one process keeps open; one more closes the one that was waited for longest.",
    )
    connections_per_address: int = Field(
        100,
        ge=0,
        le=1_000_000,
        description="Connections from one IPv4 address or IPv6 network (/64), or behind trusted proxies its requests "
        "at the same time; 0: any number. What this machine sends itself is not counted.",
    )
    client_seconds: float = Field(
        10.0,
        gt=0,
        le=3600,
        description="Seconds for the headers of a request, for its body and for reading the reply, each; what is "
        "large gets a second more for every 16 KB.",
    )
    idle_seconds: float = Field(
        5.0, gt=0, le=3600, description="Seconds that a connection stays open without a request."
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
    allowed_hosts: str = Field(
        "",
        pattern=r"^[A-Za-z0-9.:\- ]*$",
        description="Names by which faqbot may be called (the `Host` header), separated by spaces; `.shop.example` for "
        "all below it. Any other is refused. Unset: any name, which nothing depends on.",
    )
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$",
        description="Address under which others reach faqbot, such as `https://faq.shop.example`; unset: no page names"
        " one.",
    )
    segment_secret: SecretStr | None = Field(
        None,
        min_length=32,
        description="Secret with which your site signs who its customer is; only in the environment. Unset: customers "
        "have no segment.",
    )
    trusted_proxies: int = Field(
        0,
        ge=0,
        le=10,
        description="Number of reverse proxies in front of faqbot whose `X-Forwarded-For` is trusted.",
    )


class LimitsSettings(Section):
    """How often customers may ask, such as `120/minute`; unset: no limit."""

    per_address: str | None = Field(
        "120/minute",
        description="Requests from one IPv4 address or IPv6 network (/64), and wrong keys from it; what this machine "
        "sends itself is not counted.",
    )
    per_key: str | None = Field(
        "1200/minute",
        description="Requests with one API key, which count for the key instead of the address; what a page sends with "
        "a key of role `ask` counts for both.",
    )
    per_site: str | None = Field(
        "1200/minute",
        description="Requests without a key from the pages of one site, whose visitors are limited one by one as well;"
        " all sites that `web.allowed_origins` does not name count as one.",
    )
    per_session: str | None = Field("60/minute", description="Questions in one conversation.")
    storage: str = Field(
        "memory://",
        description="Where requests are counted: `memory://` in each process, or in one place for all, such as "
        "`redis://localhost:6379` (needs `pip install limits[redis]`).",
    )

    @field_validator("per_address", "per_key", "per_site", "per_session")
    @classmethod
    def _is_a_limit(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                limits.parse(value)
            except ValueError:
                raise ValueError(_("must look like `120/minute` or `5/second`")) from None
        return value
