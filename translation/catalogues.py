"""What the code says to people, and what the Chinese catalogues hold of it."""

from __future__ import annotations

import ast
import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from faqbot.cli import main
from faqbot.cli.terminal import help_texts
from faqbot.language import LOCALE_FOLDER

LANGUAGE = "zh"


def our_messages() -> Catalog:
    """Every `_()` and `_n()` of the package, and the help of every command."""
    catalogue = _extracted(LOCALE_FOLDER.parent.rglob("*.py"), {"_": 1, "_n": 2})
    for text in help_texts(main):
        if text:
            catalogue.add(text)
    return catalogue


def clicks_messages() -> Catalog:
    """What the installed click says to people; it brings no catalogues of its own."""
    catalogue = _extracted(Path(click.__file__).parent.glob("*.py"), {"_": 1, "ngettext": 2})
    # It looks this word up by a variable.
    catalogue.add("required")
    return catalogue


DOMAINS: dict[str, Callable[[], Catalog]] = {"faqbot": our_messages, "click": clicks_messages}


def po_file(domain: str) -> Path:
    """The file that people write the Chinese in."""
    return LOCALE_FOLDER / LANGUAGE / "LC_MESSAGES" / f"{domain}.po"


def read(domain: str) -> Catalog:
    """The Chinese of a domain as it stands."""
    with po_file(domain).open("rb") as file:
        return read_po(file, LANGUAGE, domain)


def compiled(catalogue: Catalog) -> bytes:
    """What the program reads."""
    block = io.BytesIO()
    write_mo(block, catalogue)
    return block.getvalue()


def update(domain: str) -> Iterator[str]:
    """Take new messages in and outdated ones out, compile, and give every message that has no Chinese yet."""
    catalogue, template = read(domain), DOMAINS[domain]()
    # Only people's words make a difference between two runs.
    template.creation_date = catalogue.creation_date
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with po_file(domain).open("wb") as file:
        write_po(file, catalogue, width=120, no_location=True, sort_output=True)
    po_file(domain).with_suffix(".mo").write_bytes(compiled(catalogue))
    yield from untranslated(catalogue)


def untranslated(catalogue: Catalog) -> Iterator[str]:
    """Every message of a catalogue that has no Chinese."""
    for message in catalogue:
        said = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and (message.fuzzy or not all(said)):
            yield message.id if isinstance(message.id, str) else message.id[0]


def _extracted(files: Iterable[Path], keywords: dict[str, int]) -> Catalog:
    """What the calls of `keywords` say; each name goes with how many of its first arguments are templates.

    Read from the syntax tree: Babel's own reader of Python, which goes by tokens, misses calls inside calls.
    """
    catalogue = Catalog(project="faqbot")
    for path in sorted(files):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in keywords):
                continue
            templates = [a.value for a in call.args[: keywords[call.func.id]] if isinstance(a, ast.Constant)]
            if len(templates) == keywords[call.func.id]:
                catalogue.add(templates[0] if len(templates) == 1 else tuple(templates))
    return catalogue
