"""Bold, italics and links of a cell as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from faqbot.formats.rows.columns import RichText
from faqbot.formats.text.html_to_markdown import link_target

_WEB = re.compile(r"(?:https?://|mailto:|tel:)\S", re.IGNORECASE)
_FORMULA = re.compile(
    r'=?(?:_xlfn\.)?HYPERLINK\(\s*+"((?:[^"]|"")*+)"\s*+(?:[,;]\s*+(?:"((?:[^"]|"")*+)"|[^)"]*+)\s*+)?\)', re.IGNORECASE
)
_PICTURE = re.compile(r"=?(?:_xlfn\.)?(?:DISPIMG|IMAGE)\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a cell's text in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    struck: bool = False
    link: str = ""


def rich_text(runs: Iterable[Run]) -> RichText | str:
    """A cell of several styles; plain text where none of them is one that Markdown has."""
    joined = _alike(runs)
    plain = "".join(run.text for run in joined)
    marked = "".join(_marked(run) for run in joined)
    links = tuple(run.link for run in joined if is_web(run.link))
    return RichText(plain, marked, links) if marked != plain else plain


def linked(cell: object, address: str) -> object:
    """A cell that as a whole leads to an address."""
    text = str(cell) if cell is not None else ""
    if not is_web(address):
        return cell
    if not text.strip() or text.strip() == address:
        return RichText(text or address, text or address, (address,))
    markdown = cell.markdown if isinstance(cell, RichText) else text
    # Markdown's links have one line.
    label = text if "\n" not in text.strip() else address
    link = f"[{_label(label)}]({link_target(address)})"
    return RichText(text, link if label is text else f"{markdown}\n{link}", (address,))


def is_web(address: str) -> bool:
    """Whether an address leads somewhere from outside the file too."""
    return bool(_WEB.match(address))


def hyperlink_of(formula: str) -> tuple[str, str] | None:
    """(address, text) of a formula that is `=HYPERLINK("...", "...")`; None of any other."""
    found = _FORMULA.fullmatch(formula.strip())
    return (found[1].replace('""', '"'), (found[2] or "").replace('""', '"')) if found else None


def is_picture(formula: str) -> bool:
    """Whether a formula shows a picture."""
    return bool(_PICTURE.match(formula.strip()))


def _alike(runs: Iterable[Run]) -> list[Run]:
    """Runs of one style joined, which programs split at will."""
    found: list[Run] = []
    for run in runs:
        last = found[-1] if found else None
        if last and (last.bold, last.italic, last.struck, last.link) == (run.bold, run.italic, run.struck, run.link):
            found[-1] = Run(last.text + run.text, run.bold, run.italic, run.struck, run.link)
        elif run.text:
            found.append(run)
    return found


def _marked(run: Run) -> str:
    """Each line by itself, since Markdown's emphasis ends with the paragraph."""
    return "\n".join(_marked_line(line, run) for line in run.text.split("\n"))


def _marked_line(line: str, run: Run) -> str:
    words = line.strip()
    if not any(character.isalnum() for character in words):
        return line
    start = line.index(words)
    marks = "**" * run.bold + "*" * run.italic + "~~" * run.struck
    shown = f"{marks}{words}{marks[::-1]}"
    if is_web(run.link) and words != run.link:
        shown = f"[{_label(shown)}]({link_target(run.link)})"
    return f"{line[:start]}{shown}{line[start + len(words) :]}"


def _label(text: str) -> str:
    return " ".join(text.split()).replace("[", "(").replace("]", ")")
