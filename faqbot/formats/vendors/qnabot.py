"""QnABot on AWS: its JSON export, and the xlsx workbook that it imports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from faqbot.formats.rows.columns import BadValueError
from faqbot.formats.rows.losses import NO_FIELD, Losses
from faqbot.formats.rows.rows import Row
from faqbot.formats.rows.serving_columns import attachments
from faqbot.formats.vendors.dialect import JsonDialect, Record, TableDialect, listed, plain
from faqbot.knowledge import match_key
from faqbot.language import _

_NUMBERED = re.compile(r"([a-z]+?)(\d+)")
_KNOWN = frozenset(("qid", "q", "a", "alt", "t", "r", "next", "type", "clientfiltervalues"))
_TEMPLATES = _("the braces stay in the answer as they are; replace them by words")


def _from_json(records: Sequence[Record], _whole: object, losses: Losses) -> Iterator[Row]:
    items = [(record.line, {name.lower(): value for name, value in record.values.items()}) for record in records]
    targets = _targets([item for _, item in items])
    for line, item in items:
        if plain(item.get("type")) == "text":
            losses.add(_("text passages"), _("they have no question"))
            continue
        yield Row(line, _values(item, targets, losses))


def _values(item: Mapping[str, object], targets: Mapping[str, str], losses: Losses) -> dict[str, object]:
    alternatives, card = _object(item.get("alt")), _object(item.get("r"))
    questions = [plain(question) for question in listed(item.get("q"))]
    answer = plain(alternatives.get("markdown")) or plain(item.get("a"))
    losses.add(_("Handlebars templates"), _TEMPLATES, int("{{" in answer))
    losses.add(_("SSML answers"), _("answers are read, not spoken"), int(bool(plain(alternatives.get("ssml")))))
    _count_unknown(item, card, losses)
    return {
        "id": plain(item.get("qid")),
        "question": questions[0] if questions else "",
        "similar": questions[1:],
        "answer": answer,
        "category": plain(item.get("t")),
        "segments": [part for part in re.split(r"[,;\s]+", plain(item.get("clientfiltervalues"))) if part],
        "prompts": _prompts(item, card, targets, losses),
        "attachments": _links(card, losses),
    }


def _prompts(
    item: Mapping[str, object], card: Mapping[str, object], targets: Mapping[str, str], losses: Losses
) -> list[str]:
    buttons = [_object(button) for button in listed(card.get("buttons"))]
    values = [plain(button.get("value")) or plain(button.get("text")) for button in buttons]
    found = [_target(value, targets) for value in [plain(item.get("next")), *values] if value]
    losses.add(_("buttons"), _("they lead to no item of the file"), found.count(""))
    return list(dict.fromkeys(target for target in found if target))


def _links(card: Mapping[str, object], losses: Losses) -> list[str]:
    found: list[str] = []
    for link in (plain(card.get("imageUrl")), plain(card.get("url"))):
        try:
            found += attachments([link])
        except BadValueError:
            losses.add(_("response cards' links"), _("they do not start with https:// or http://"))
    return found


def _targets(items: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """Item ids by what may name them: the id itself, or one of the questions."""
    found: dict[str, str] = {}
    for item in items:
        qid = plain(item.get("qid"))
        for question in listed(item.get("q")):
            found.setdefault(match_key(plain(question)), qid)
    return found | {plain(item.get("qid")): plain(item.get("qid")) for item in items}


def _target(value: str, targets: Mapping[str, str]) -> str:
    qid = re.sub(r"(?i)^qid::", "", value)
    return targets.get(qid) or targets.get(match_key(value), "")


def _count_unknown(item: Mapping[str, object], card: Mapping[str, object], losses: Losses) -> None:
    losses.add(_("response cards' titles"), NO_FIELD, int(bool(plain(card.get("title")))))
    for name, value in item.items():
        if name not in _KNOWN and _says_something(value):
            losses.add(
                _("field '{name}'", name=name[:40]), _("the program's own logic") if name in ("l", "args") else NO_FIELD
            )


def _says_something(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_says_something(part) for part in value.values())
    if isinstance(value, list):
        return any(_says_something(part) for part in value)
    return value not in (None, "", False)


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _from_table(records: Sequence[Record], losses: Losses) -> Iterator[Row]:
    yield from _from_json([Record(record.line, _item(record)) for record in records], None, losses)


def _item(record: Record) -> dict[str, object]:
    """A row of the workbook as the JSON export would have it."""
    numbered: dict[str, dict[int, object]] = {}
    single: dict[str, object] = {}
    for name, value in record.values.items():
        if not plain(value):
            continue
        parts = _NUMBERED.fullmatch(name)
        if parts:
            numbered.setdefault(parts[1], {})[int(parts[2])] = value
        else:
            single[name] = value
    texts, values = numbered.pop("displaytext", {}), numbered.pop("buttonvalue", {})
    buttons = [{"text": texts.get(key), "value": values.get(key)} for key in sorted(texts | values)]
    questions = numbered.pop("question", {})
    image = single.pop("cardimageurl", None) or single.pop("imageurl", None)
    return {
        "qid": single.pop("qid", None),
        "q": [plain(questions[key]) for key in sorted(questions)],
        "a": single.pop("answer", None),
        "alt": {"markdown": single.pop("markdown", None), "ssml": single.pop("ssml", None)},
        "t": single.pop("topic", None),
        "r": {"title": single.pop("cardtitle", None), "imageUrl": image, "buttons": buttons},
        **single,
        **{name: list(cells.values()) for name, cells in numbered.items()},
    }


def _is_table(headings: Sequence[str]) -> bool:
    return {"qid", "question1", "answer"} <= set(headings)


TABLES = (TableDialect("QnABot", _is_table, _from_table),)
JSONS = (JsonDialect("QnABot", ("qna",), lambda names: "qid" in names, _from_json),)
