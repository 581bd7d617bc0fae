"""QnA Maker and Azure AI custom question answering: tsv, xlsx and JSON exports of one structure.

A table repeats the answer for every wording, under one `QnaId` where there is one. Ids count from 1 in every knowledge
base, so they would mix up two of them: an entry gets the id that its question gives, and prompts are led there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from faqbot.formats.rows import columns
from faqbot.formats.rows.columns import BadValueError
from faqbot.formats.rows.losses import Losses
from faqbot.formats.rows.rows import Row, derived_id
from faqbot.formats.vendors.dialect import JsonDialect, Record, TableDialect, listed, lowered, plain
from faqbot.knowledge import match_key
from faqbot.language import _

_SUGGESTIONS = _("wordings that nobody has reviewed yet; add the good ones by hand")
_PROMPT_TEXT = _("a follow-up is shown as its own question")
_LANGUAGES = {
    "chinese": "zh",
    "chinese_simplified": "zh",
    "zh-hans": "zh",
    "chinese_traditional": "zh-tw",
    "zh-hant": "zh-tw",
    "arabic": "ar",
    "dutch": "nl",
    "english": "en",
    "french": "fr",
    "german": "de",
    "hindi": "hi",
    "italian": "it",
    "japanese": "ja",
    "korean": "ko",
    "polish": "pl",
    "portuguese": "pt",
    "russian": "ru",
    "spanish": "es",
    "turkish": "tr",
}


@dataclass
class _Pair:
    line: int
    number: str
    questions: list[str]
    answer: str
    values: dict[str, object]
    prompts: list[Mapping[str, object]] = field(default_factory=list)

    @property
    def question(self) -> str:
        return self.questions[0] if self.questions else ""


def _from_table(records: Sequence[Record], losses: Losses) -> Iterator[Row]:
    pairs: dict[object, _Pair] = {}
    for record in records:
        number, answer = record.text("qnaid"), _unescaped(record.text("answer"))
        metadata = record.text("metadata")
        key = number or (answer, metadata) if answer else record.line
        known = pairs.get(key)
        if known:
            known.questions.append(record.text("question"))
            continue
        pair = _Pair(record.line, number, [record.text("question")], answer, _metadata(metadata))
        pair.prompts = _objects(lowered(listed(record.values.get("prompts"))))
        pairs[key] = pair
        _count(losses, record.text("source"), record.text("iscontextonly").lower() == "true")
        losses.add("SuggestedQuestions", _SUGGESTIONS, len(listed(record.values.get("suggestedquestions"))))
    yield from _rows(list(pairs.values()), losses)


def _from_json(records: Sequence[Record], whole: object, losses: Losses) -> Iterator[Row]:
    project = cast("Mapping[str, object]", lowered(whole))
    about = project.get("metadata")
    about = about if isinstance(about, Mapping) else {}
    language = _language(plain(about.get("language")), losses)
    losses.add("defaultAnswer", _("the fallback message is the same for all"), int(bool(about.get("defaultanswer"))))
    assets = project.get("assets")
    losses.add("synonyms", count=len(listed(assets.get("synonyms"))) if isinstance(assets, Mapping) else 0)
    pairs = []
    for record in records:
        value = cast("Mapping[str, object]", lowered(record.values))
        dialog = value.get("dialog") or value.get("context")
        dialog = dialog if isinstance(dialog, Mapping) else {}
        values = _metadata(value.get("metadata"))
        if language:
            values.setdefault("language", language)
        pair = _Pair(record.line, plain(value.get("id")), [], plain(value.get("answer")), values)
        pair.questions = [plain(question) for question in listed(value.get("questions"))]
        pair.prompts = _objects(listed(dialog.get("prompts")))
        pairs.append(pair)
        _count(losses, plain(value.get("source")), bool(dialog.get("iscontextonly")))
        losses.add("activeLearningSuggestions", _SUGGESTIONS, len(listed(value.get("activelearningsuggestions"))))
    yield from _rows(pairs, losses)


def _rows(pairs: Sequence[_Pair], losses: Losses) -> Iterator[Row]:
    answers: dict[str, set[str]] = {}
    for pair in pairs:
        answers.setdefault(match_key(pair.question), set()).add(pair.answer)
    # Two follow-ups may both be called "Yes": only those need their number to be told apart.
    repeated = {key for key, different in answers.items() if len(different) > 1}
    ids = {pair.number: _id(pair, repeated) for pair in pairs if pair.number and pair.question}
    questions = {pair.number: match_key(pair.question) for pair in pairs}
    for pair in pairs:
        values: dict[str, object] = {
            **pair.values,
            "question": pair.question,
            "similar": pair.questions[1:],
            "answer": pair.answer,
            "prompts": _prompts(pair, ids, questions, losses),
        }
        if pair.number in ids and match_key(pair.question) in repeated:
            values["id"] = ids[pair.number]
        yield Row(pair.line, values)


def _id(pair: _Pair, repeated: set[str]) -> str:
    own = derived_id(pair.question)
    return f"{own}-{pair.number}" if match_key(pair.question) in repeated else own


def _prompts(pair: _Pair, ids: Mapping[str, str], questions: Mapping[str, str], losses: Losses) -> list[str]:
    found = []
    for prompt in sorted(pair.prompts, key=_order):
        target = plain(prompt.get("qnaid"))
        if target not in ids:
            losses.add("Prompts", _("they lead to a pair that the file does not hold"))
            continue
        found.append(ids[target])
        shown = plain(prompt.get("displaytext"))
        losses.add(
            _("Prompts' display texts"), _PROMPT_TEXT, int(bool(shown) and match_key(shown) != questions[target])
        )
    return found


def _order(prompt: Mapping[str, object]) -> int:
    order = plain(prompt.get("displayorder"))
    return int(order) if order.isdecimal() else 0


def _count(losses: Losses, source: str, context_only: bool) -> None:
    losses.add("Source", count=int(bool(source) and source.lower() != "editorial"))
    losses.add("IsContextOnly", _("the entry also answers without the question before it"), int(context_only))


def _language(name: str, losses: Losses) -> str:
    """The project's language as a tag; nothing where the name says none."""
    try:
        return columns.language(_LANGUAGES.get(name.lower(), name))
    except BadValueError:
        losses.add(_("language '{name}'", name=name[:40]), _("it is no language tag"))
        return ""


def _metadata(value: object) -> dict[str, object]:
    """`category` and `language` have their columns, everything else becomes a tag `name:value`."""
    values: dict[str, object] = {}
    tags = []
    for name, content in _named(value):
        if name.lower() in ("category", "language"):
            values[name.lower()] = content
        else:
            tags.append(f"{name}:{content}" if name else content)
    return {**values, "tags": tags} if tags else values


def _named(value: object) -> Iterable[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [(str(name), plain(content)) for name, content in value.items()]
    if objects := _objects(lowered(listed(value))):
        return [(plain(item.get("name")), plain(item.get("value"))) for item in objects]
    parts = [part.partition(":") for part in plain(value).split("|")]
    return [(name.strip(), content.strip()) for name, _, content in parts if content.strip()]


def _objects(value: object) -> list[Mapping[str, object]]:
    return [item for item in listed(value) if isinstance(item, Mapping)]


def _unescaped(answer: str) -> str:
    """A tsv file cannot hold line ends, so its answers spell them."""
    return answer if "\n" in answer else answer.replace("\\r", "").replace("\\n", "\n")


def _is_table(headings: Sequence[str]) -> bool:
    names = Counter(headings)
    return bool(names["question"] and names["answer"] and (names["qnaid"] or (names["source"] and names["metadata"])))


def _is_pair(names: frozenset[str]) -> bool:
    return {"id", "questions", "answer"} <= names


TABLES = (TableDialect("QnA Maker or Azure question answering", _is_table, _from_table),)
JSONS = (
    JsonDialect("QnA Maker", ("qnaDocuments",), _is_pair, _from_json),
    JsonDialect("Azure question answering", ("assets", "qnas"), _is_pair, _from_json),
    JsonDialect("Azure question answering", ("Assets", "Qnas"), _is_pair, _from_json),
)
