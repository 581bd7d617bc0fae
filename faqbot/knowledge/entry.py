"""`Entry`, and with it the one list of an entry's fields.

Tables, versions, files, request bodies, replies and reports all read `FIELDS`, so a new field is a new line of `Entry`
(and a migration, and its paragraph in `docs/entries.md`). A kind of value that no field has yet also needs a reader in
`faqbot.formats.rows.kinds`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from typing import Annotated, Any, Literal, get_type_hints

from faqbot.knowledge.text import FIRST, LAST, match_key, moment_of

_LANGUAGE_SUFFIX = re.compile(r"\.([a-z]{2,3}(?:-[A-Za-z]{2,4})?)$")

Kind = Literal[
    "id", "question", "questions", "answer", "language", "line", "tags", "switch", "moment", "segments", "ids", "links",
    "share",
]  # fmt: skip
"""What a value is: how it is written in a cell, and what is checked when it is read."""


@dataclass(frozen=True, slots=True)
class Column:
    """What the world outside knows of a field.

    Attributes:
        name: In files, request bodies, replies and the audit log.
        kind: How a value is read, checked and written in a cell.
        help: What it means, in one line, for the description of the API.
        headings: What files may call it besides its name, in lower case.
        in_bulk: Whether it can be set for many entries at once.
    """

    name: str
    kind: Kind
    help: str
    headings: tuple[str, ...] = ()
    in_bulk: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer and all the questions that lead to it.

    A translation of the entry `refund` has the id `refund.en`: the two share a topic, so their wordings strengthen each
    other and never compete. A disabled entry stays in the draft and is left out when publishing.
    """

    entry_id: Annotated[str, Column("id", "id", "Unique and stable.", ("编号", "編號", "entry_id"))]
    standard_question: Annotated[
        str,
        Column(
            "question",
            "question",
            "The standard question (标准问), which is shown to people.",
            ("标准问", "标准问题", "問題", "问题", "標準問題", "standard_question"),
        ),
    ]
    similar_questions: Annotated[
        tuple[str, ...],
        Column(
            "similar",
            "questions",
            "Similar questions (相似问): other wordings that ask the same.",
            ("相似问", "相似问题", "相似問題", "similar_questions"),
        ),
    ] = ()
    answer: Annotated[
        str, Column("answer", "answer", "Markdown; needed before the entry can be published.", ("答案", "回答"))
    ] = ""
    language: Annotated[
        str, Column("language", "language", "BCP 47 tag such as `zh`; empty: not stated.", ("语言", "語言", "lang"))
    ] = ""
    category: Annotated[
        str, Column("category", "line", "Free text; empty: not stated.", ("分类", "分類"), in_bulk=True)
    ] = ""
    tags: Annotated[
        tuple[str, ...], Column("tags", "tags", "Free labels for filters.", ("标签", "標籤"), in_bulk=True)
    ] = ()
    enabled: Annotated[
        bool, Column("enabled", "switch", "Whether it is published.", ("启用", "啟用"), in_bulk=True)
    ] = True
    valid_from: Annotated[
        str,
        Column(
            "valid_from",
            "moment",
            "ISO 8601 date or date-time from which it answers; empty: always.",
            ("生效时间", "生效日期", "生效時間"),
        ),
    ] = ""
    valid_until: Annotated[
        str,
        Column(
            "valid_until",
            "moment",
            "The same for its end; a date counts to its midnight.",
            ("失效时间", "失效日期", "失效時間", "有效期至"),
        ),
    ] = ""
    segments: Annotated[
        tuple[str, ...],
        Column(
            "segments",
            "segments",
            "Whom it answers; empty: everybody.",
            ("人群", "适用人群", "適用人群", "segment"),
            in_bulk=True,
        ),
    ] = ()
    prompts: Annotated[
        tuple[str, ...],
        Column(
            "prompts",
            "ids",
            "Ids of the entries offered as follow-ups after the answer.",
            ("追问", "追問", "后续问题", "後續問題"),
        ),
    ] = ()
    attachments: Annotated[
        tuple[str, ...], Column("attachments", "links", "http(s) links that go with the answer.", ("附件",))
    ] = ()
    answer_threshold: Annotated[
        float | None,
        Column(
            "answer_threshold",
            "share",
            "Confidence, 0 to 1, from which it is answered with directly; null: the version's own.",
            ("回答阈值", "直接回答阈值", "回答閾值"),
        ),
    ] = None

    @property
    def wordings(self) -> tuple[str, ...]:
        """The standard question, then the similar ones, repeats (after `match_key`) left out."""
        kept: dict[str, str] = {}
        for text in (self.standard_question, *self.similar_questions):
            kept.setdefault(match_key(text), text)
        return tuple(kept.values())

    @property
    def topic(self) -> str:
        """The id without its language suffix: what translations of one entry have in common."""
        return topic_of(self.entry_id, self.language)

    @property
    def starts(self) -> datetime:
        """The first moment at which the entry answers."""
        return moment_of(self.valid_from) if self.valid_from else FIRST

    @property
    def ends(self) -> datetime:
        """The first moment at which the entry does not answer any more."""
        return moment_of(self.valid_until, after=True) if self.valid_until else LAST


@dataclass(frozen=True, slots=True)
class EntryField:
    """One field of `Entry`.

    Attributes:
        name: Of the attribute.
        column: What the world outside knows of it.
        type: `str`, `bool`, `float | None` or `tuple[str, ...]`.
        required: Whether every entry states it.
        default: Its value where nothing is stated.
    """

    name: str
    column: Column
    type: Any
    required: bool
    default: Any

    @property
    def is_list(self) -> bool:
        """Whether it holds any number of texts."""
        return isinstance(self.default, tuple)


def _fields() -> Iterable[EntryField]:
    hints = get_type_hints(Entry, include_extras=True)
    for field in fields(Entry):
        hint, required = hints[field.name], field.default is MISSING
        yield EntryField(field.name, hint.__metadata__[0], hint.__origin__, required, "" if required else field.default)


FIELDS = tuple(_fields())
"""In the order in which files are written."""


def to_record(entry: Entry) -> dict[str, Any]:
    """An entry as JSON values by the names of its columns, in the order of `FIELDS`."""
    values = ((field.column.name, getattr(entry, field.name)) for field in FIELDS)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values}


def from_record(record: Mapping[str, Any]) -> Entry:
    """The entry that `to_record` wrote; what is missing has its default, as before the field was invented.

    Raises:
        KeyError: It has no id or no question.
    """
    values: dict[str, Any] = {}
    for field in FIELDS:
        name = field.column.name
        value = record[name] if field.required else record.get(name, field.default)
        values[field.name] = tuple(value) if isinstance(value, list) else value
    return Entry(**values)


@dataclass(frozen=True, slots=True)
class Wording:
    """One standard or similar question as it is indexed."""

    entry_id: str
    topic: str
    text: str


def wordings_of(entries: Iterable[Entry]) -> list[Wording]:
    """Every wording of every entry, in the order of the entries."""
    return [Wording(e.entry_id, e.topic, text) for e in entries for text in e.wordings]


def topic_of(entry_id: str, language: str) -> str:
    """Strip the `.language` suffix from an id where it agrees with the entry's own language."""
    suffix = _LANGUAGE_SUFFIX.search(entry_id)
    if suffix and language and suffix.group(1).lower() == language.lower():
        return entry_id[: suffix.start()]
    return entry_id
