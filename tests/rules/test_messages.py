"""Every sentence for people has a Chinese one, and the catalogues say what the code says."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message

from faqbot import errors
from faqbot.language import LOCALE_FOLDER
from translation.catalogues import DOMAINS, compiled, our_messages, po_file, read, untranslated

ROOT = LOCALE_FOLDER.parent
ERRORS = {
    name
    for name, thing in vars(errors).items()
    if isinstance(thing, type) and issubclass(thing, errors.FaqbotError) and thing is not errors.FaqbotError
}
# Where a sentence for people stands among the arguments; -1: each of them is one.
SENTENCES = dict.fromkeys((*ERRORS, "BadValueError", "unreadable", "report", "say", "give_up"), 0)
SENTENCES |= {"RowError": 2, "UsageError": 0, "show": -1, "echo": -1}


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_message_has_chinese(domain: str) -> None:
    assert list(untranslated(read(domain))) == []


def test_the_catalogue_holds_what_the_code_says_and_nothing_else() -> None:
    ours, kept = ({message.id for message in catalogue if message.id} for catalogue in (our_messages(), read("faqbot")))
    assert ours == kept, "run `make messages`"


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_program_reads_what_people_wrote(domain: str) -> None:
    assert po_file(domain).with_suffix(".mo").read_bytes() == compiled(read(domain)), "run `make messages`"


@pytest.mark.parametrize("domain", DOMAINS)
def test_chinese_has_the_placeholders_of_the_english(domain: str) -> None:
    differing = [message.id for message in read(domain) if message.id and not _agree(message)]
    assert differing == []


def _agree(message: Message) -> bool:
    english = (message.id,) if isinstance(message.id, str) else message.id
    chinese = (message.string,) if isinstance(message.string, str) else message.string
    # The one Chinese form may say what the singular says, what the plural says, or both.
    shared, allowed = (kind(*map(_placeholders, english)) for kind in (set.intersection, set.union))
    return all(shared <= _placeholders(text) <= allowed for text in chinese)


def _placeholders(text: str) -> set[tuple[str, str, str]]:
    return {
        (name, form or "", conversion or "")
        for _literal, name, form, conversion in Formatter().parse(text)
        if name is not None
    }


def _name_of(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def _says_words(node: ast.expr) -> bool:
    """Whether a text stands there as it is: a literal or f-string with letters in it."""
    match node:
        case ast.Constant(value=str(text)):
            return any(character.isalpha() for character in text)
        case ast.JoinedStr(values=parts) | ast.BoolOp(values=parts):
            return any(map(_says_words, parts))
        case ast.BinOp(left=one, right=other) | ast.IfExp(body=one, orelse=other):
            return _says_words(one) or _says_words(other)
    return False


def unmarked(source: str) -> list[str]:
    """Sentences for people that are no messages, and messages that nothing can find."""
    found = []
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        name = _name_of(call)
        if name in ("_", "_n"):
            templates = call.args[: 2 if name == "_n" else 1]
            found += [ast.unparse(call) for one in templates if not isinstance(one, ast.Constant)]
        elif name in SENTENCES:
            place = SENTENCES[name]
            said = call.args if place < 0 else call.args[place : place + 1]
            found += [ast.unparse(call) for one in said if _says_words(one)]
    return found


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_sentence_for_people_is_a_message(path: Path) -> None:
    assert unmarked(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        'raise RowsRefused("Mend it.")',
        'raise RowsRefused(f"{count} rows are wrong.")',
        'raise errors.RowsRefused(f"{count} rows" + more)',
        'raise ModelUnavailable(last or f"There is no {name}.")',
        'show("Done.", line)',
        'show(_("Done."), f"{count} entries")',
        'RowError(line, "question", "It is empty.")',
        "_(template, count=1)",
        '_n("one", many, 3)',
    ],
)
def test_a_sentence_that_is_no_message_is_found(source: str) -> None:
    assert len(unmarked(source)) == 1


@pytest.mark.parametrize("source", ['show(f"  {text}")', 'raise RowsRefused(_("Mend it."))', "show(line)", 'say("")'])
def test_a_layout_and_a_message_are_let_pass(source: str) -> None:
    assert unmarked(source) == []


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_where_messages_are_written_nothing_else_is_called_so(path: Path) -> None:
    """A variable `_` in a function would hide the function `_`; in a comprehension it ends with it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not any(isinstance(node, ast.ImportFrom) and node.module == "faqbot.language" for node in ast.walk(tree)):
        return
    inner = {
        id(name) for node in ast.walk(tree) if isinstance(node, ast.comprehension) for name in ast.walk(node.target)
    }
    bound = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store) and id(node) not in inner
    ]
    assert bound == []
