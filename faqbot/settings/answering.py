"""Settings of what answers: the model, the matching, conversations."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from faqbot.settings.section import Section


class EncoderSettings(Section):
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


class MatchingSettings(Section):
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


class ConversationSettings(Section):
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
    chit_chat: bool = Field(
        True, description="Whether greetings, complaints, abuse and the like are answered with our own replies."
    )
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
